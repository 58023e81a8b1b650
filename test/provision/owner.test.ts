import { expect } from 'chai';
import { isAlive, isSeenToRun, ownIdentity } from '../../harness/provision/owner.ts';

/** Larger than any process id may be. */
const NOBODY = '99999999';
const PARTS = ['pid', 'start', 'boot', 'uid', 'namespace'] as const;

/** The identity of this process with other parts. */
function identity(over: Partial<Record<(typeof PARTS)[number], string>> = {}): string {
  const own = ownIdentity().split(':');
  return PARTS.map((part, index) => over[part] ?? own[index]).join(':');
}

/** As earlier builds wrote it. */
const withoutUser = (whole: string): string => whole.split(':').slice(0, 3).join(':');

describe('owner', () => {
  it('is alive while it runs, and dead when nothing has its id or another process has', () => {
    expect(isAlive(ownIdentity())).to.equal(true);
    expect(isAlive(identity({ pid: NOBODY }))).to.equal(false);
    expect(isAlive(identity({ start: '1' }))).to.equal(false);
  });

  it('of another boot is dead, whoever it was', () => {
    expect(isAlive(identity({ boot: '00000000', uid: '4711' }))).to.equal(false);
  });

  it('of another user or namespace may be alive, seen or not', () => {
    for (const other of [{ uid: '4711' }, { namespace: '1' }])
      for (const seen of [{ pid: NOBODY }, { start: '1' }])
        expect(isAlive(identity({ ...other, ...seen }))).to.equal(true);
  });

  it('of an earlier build is dead only where nothing has its id', () => {
    expect(isAlive(withoutUser(ownIdentity()))).to.equal(true);
    expect(isAlive(withoutUser(identity({ pid: NOBODY })))).to.equal(false);
    expect(isAlive(withoutUser(identity({ start: '1' })))).to.equal(true);
  });

  it('that cannot be understood may be alive', () => {
    for (const text of ['', 'somebody', '1:2']) expect(isAlive(text), text).to.equal(true);
  });

  it('is ended only where it is seen to run', () => {
    expect(isSeenToRun(ownIdentity())).to.equal(true);
    expect(isSeenToRun(withoutUser(ownIdentity()))).to.equal(true);
    for (const wrong of [{ start: '1' }, { start: 'unknown' }, { pid: NOBODY }, { namespace: '1' }])
      expect(isSeenToRun(identity(wrong))).to.equal(false);
  });
});
