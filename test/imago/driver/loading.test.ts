import { expect } from 'chai';
import { isLoadable } from '../../../harness/imago/driver/loading.ts';
import type { SourceType, TargetType } from '../../../harness/imago/driver/row-text.ts';

const INTEGER = { kind: 'integer', unsigned: false } as const;
const TEXT = { kind: 'text' } as const;

describe('driver: loading chunks as files', () => {
  const loadable = (source: SourceType['kind'], target: TargetType): boolean =>
    isLoadable({
      targetTypes: [INTEGER, target],
      sources: [
        {
          ...{ table: 't', key: 'id', select: 'SELECT s.id, s.c FROM t s' },
          types: [
            { kind: 'integer', digits: 0 },
            { kind: source, digits: 0 },
          ],
        },
      ],
    });

  it('loads what reads the same as a literal and as a field of a file', () => {
    expect(loadable('text', TEXT)).to.equal(true);
    expect(loadable('double', { kind: 'decimal', precision: 10, scale: 2 })).to.equal(true);
    expect(loadable('datetime', { kind: 'datetime', fraction: 3 })).to.equal(true);
  });

  it('leaves to statements what does not: hexadecimal and bit literals, numbers that name a text', () => {
    expect(loadable('binary', { kind: 'binary' })).to.equal(false);
    expect(loadable('bit', { kind: 'bit' })).to.equal(false);
    expect(loadable('integer', { kind: 'bit' })).to.equal(false);
    expect(loadable('integer', TEXT)).to.equal(false);
    expect(loadable('text', INTEGER)).to.equal(false);
    expect(loadable('date', { kind: 'datetime', fraction: 0 })).to.equal(false);
  });
});
