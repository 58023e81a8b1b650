import os from 'node:os';
import { expect } from 'chai';
import { assertRoom, freeMb } from '../../harness/provision/free-space.ts';

const keptIn = (DockerRootDir: string) => ({ info: async () => ({ DockerRootDir }) });

describe('room on the engine’s disk', () => {
  it('is what its file system has left', async () => {
    expect(await freeMb(keptIn(os.tmpdir())))
      .to.be.a('number')
      .above(0);
  });

  it('is not known where the folder is not to be seen from here, and nobody is refused for that', async () => {
    const elsewhere = keptIn('/no/such/folder');
    expect(await freeMb(elsewhere)).to.equal(undefined);
    await assertRoom(elsewhere, 'provision', Number.POSITIVE_INFINITY);
  });

  it('is the testbed’s failure where there is too little, with the figure', async () => {
    const failure = await assertRoom(keptIn(os.tmpdir()), 'provision', Number.POSITIVE_INFINITY).catch(
      (error: Error) => error,
    );
    expect(failure).to.be.an('error').with.property('name', 'EngineError');
    expect((failure as Error).message).to.match(/^provision: \d+ MB are left/);
  });
});
