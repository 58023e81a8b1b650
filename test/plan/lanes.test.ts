import { expect } from 'chai';
import type { ExecStep, ObserveStep } from '../../harness/contract/step.ts';
import { joinLanes, sideBySide, stretchesOf } from '../../harness/plan/lanes.ts';

const step = (id: string, host: string): ExecStep => ({
  kind: 'exec',
  id,
  title: id,
  universe: 'new',
  host,
  argv: [id],
});
const idsOf = (steps: Parameters<typeof stretchesOf>[0]) =>
  stretchesOf(steps).map((lanes) => lanes.map((lane) => lane.map(({ id }) => id)));
const apps = () => sideBySide('app', [step('a1', 'app1'), step('b1', 'app1'), step('a2', 'app2')]);

describe('lanes', () => {
  it('put hosts side by side and keep the order on each', () => {
    expect(idsOf([step('first', 'db1'), ...apps(), step('last', 'db1')])).to.deep.equal([
      [['first']],
      [['a1', 'b1'], ['a2']],
      [['last']],
    ]);
  });

  it('of another stretch wait for the former', () => {
    expect(idsOf([...apps(), ...sideBySide('web', [step('w1', 'web1')])])).to.deep.equal([
      [['a1', 'b1'], ['a2']],
      [['w1']],
    ]);
  });

  it('take in what was put beside a step on the same host, and only that', () => {
    const [a1, b1, a2] = apps();
    if (a1 === undefined || b1 === undefined || a2 === undefined) throw new Error('three steps');
    const joined = joinLanes([
      step('before', 'app1'),
      a1,
      step('look', 'app1'),
      step('again', 'app1'),
      b1,
      a2,
      step('elsewhere', 'db1'),
    ]);
    expect(idsOf(joined)).to.deep.equal([[['before', 'a1', 'look', 'again', 'b1'], ['a2']], [['elsewhere']]]);
  });

  it('take in what is only looked at behind one of their steps, wherever it is', () => {
    const [a1, b1, a2] = apps();
    if (a1 === undefined || b1 === undefined || a2 === undefined) throw new Error('three steps');
    const look: ObserveStep = {
      ...{ kind: 'observe', id: 'look', title: 'look', universe: 'new', host: 'db1', fault: 'any' },
      observation: { read: 'command', argv: ['cat', '/x'] },
    };
    expect(idsOf(joinLanes([a1, look, b1, a2]))).to.deep.equal([[['a1', 'look', 'b1'], ['a2']]]);
    expect(idsOf(joinLanes([look, a1]))).to.deep.equal([[['look']], [['a1']]]);
  });

  it('are broken by a step of another host, which waits for what is before it and is waited for', () => {
    const [a1, b1, a2] = apps();
    if (a1 === undefined || b1 === undefined || a2 === undefined) throw new Error('three steps');
    expect(idsOf(joinLanes([a1, step('spurious', 'db1'), b1, a2]))).to.deep.equal([
      [['a1']],
      [['spurious']],
      [['b1'], ['a2']],
    ]);
  });
});
