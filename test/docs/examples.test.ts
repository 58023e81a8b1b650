/** Scripts in `docs/examples/` run on a real results folder, with nothing but their interpreter. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { judgeCampaign } from '../../analysis/judge.ts';
import { writeJudgement } from '../../analysis/write-judgement.ts';
import { openCampaign } from '../../results/store.ts';
import { controls, writeSynthetic } from '../analysis/synthetic.ts';

const SCRIPT = fileURLToPath(new URL('../../docs/examples/impacts.py', import.meta.url));

describe('examples', () => {
  it('impacts.py prints what users felt, and what decided', async function () {
    if (spawnSync('python3', ['--version']).status !== 0) this.skip();
    const folder = join(await mkdtemp(join(tmpdir(), 'upfault-example-')), 'campaign');
    try {
      await writeSynthetic(folder, [
        ...controls('none', 5, 1),
        { id: 'it', approach: 'rolling', fault: 'wrong-apache', outageS: 4 },
      ]);
      const store = await openCampaign(folder);
      await writeJudgement(store, await judgeCampaign(store));
      const { status, stdout, stderr } = spawnSync('python3', [SCRIPT, folder], { encoding: 'utf8' });
      expect([status, stderr]).to.deep.equal([0, '']);
      expect(stdout).to.match(
        /wrong-apache +rolling +felt in 1 of 1\n {4}it: full outage: outage_s 4, bound 3\n/,
      );
    } finally {
      await rm(join(folder, '..'), { recursive: true, force: true });
    }
  });
});
