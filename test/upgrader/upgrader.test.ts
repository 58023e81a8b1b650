import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import type { UpgraderMessage } from '../../harness/upgrader/protocol.ts';
import { listen } from '../../harness/upgrader/upgrader.ts';

/** A process that says these lines and ends. */
async function heard(text: string, killed: boolean) {
  const child = Object.assign(new EventEmitter(), {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    killed,
  });
  const messages: UpgraderMessage[] = [];
  const { ended } = listen(child as unknown as ChildProcess, (message) => messages.push(message));
  child.stdout.end(text);
  await new Promise((resolve) => child.stdout.once('close', resolve));
  child.emit('close', null, 'SIGKILL');
  const failure = await ended.then(
    () => '',
    (error: Error) => error.message,
  );
  return { said: messages.map(({ say }) => say), failure };
}

const READY = '{"say":"ready"}\n';
const FRAGMENT = '{"say":"step-st';

describe('what an upgrader says', () => {
  it('is heard but for the line at which it was killed', async () => {
    const { said, failure } = await heard(`${READY}${FRAGMENT}`, true);
    expect(said).to.deep.equal(['ready']);
    expect(failure).to.match(/^upgrader: ended with SIGKILL/);
  });

  it('fails the trial with its words where they are no message', async () => {
    const { said, failure } = await heard(`${READY}Out of memory\n`, false);
    expect(said).to.deep.equal(['ready']);
    expect(failure).to.equal('upgrader: said what is no message: Out of memory');
  });
});
