import { expect } from 'chai';
import { errorText } from '../harness/errors.ts';

describe('words of an error', () => {
  it('are its message and those of its causes, each said once', () => {
    const cause = new Error('connect EACCES /var/run/docker.sock', { cause: 'the group' });
    const error = new Error('make network net-old', { cause });
    expect(errorText(error)).to.equal('make network net-old: connect EACCES /var/run/docker.sock: the group');
    expect(errorText(new Error('write x: no space', { cause: new Error('no space') }))).to.equal(
      'write x: no space',
    );
    expect(errorText('plain')).to.equal('plain');
  });

  it('leave out what a validator lists, and name what has no message', () => {
    const list = new Error('[\n  {\n    "code": "invalid_type"\n  }\n]');
    expect(errorText(new Error('read brought.json: it is damaged', { cause: list }))).to.equal(
      'read brought.json: it is damaged',
    );
    const tried = new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1')]);
    expect(errorText(new Error('ask', { cause: tried }))).to.equal(
      'ask: refused by ::1; refused by 127.0.0.1',
    );
    expect(errorText(new TypeError())).to.equal('TypeError');
  });

  it('end where causes go round in a circle', () => {
    const error = new Error('a');
    error.cause = new Error('b', { cause: error });
    expect(errorText(error)).to.match(/^a: b/);
  });
});
