import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { concludeCampaign } from '../../harness/campaign/conclude.ts';
import { controls, writeSynthetic } from '../analysis/synthetic.ts';

describe('conclusion of a campaign', function () {
  this.timeout(60_000);

  it('counts what the testbed failed in the whole record, whoever ran it', async () => {
    const root = await mkdtemp(path.join(os.tmpdir(), 'upfault-conclude-'));
    try {
      const folder = path.join(root, 'campaign');
      await writeSynthetic(folder, [
        ...controls('none', 2, 1),
        { id: 'lost', approach: 'none', record: { outcome: 'harness-failed', outcomeReason: 'no engine' } },
      ]);
      const { text, harnessFailed } = await concludeCampaign(folder);
      expect(harnessFailed).to.equal(1);
      expect(text).to.contain(path.join(folder, 'report.html'));
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
