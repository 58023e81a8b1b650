import { expect } from 'chai';
import { explain } from '../../harness/explain/explanation.ts';
import { campaignRequest } from '../campaign/request.ts';

describe('the hosts that an explanation names', () => {
  it('are those of the steps that it marks', () => {
    const request = campaignRequest({ faults: [] });
    for (const name of ['start-omitted', 'config-typo', 'debug-on', 'disk-full', 'firewall-left']) {
      const { faults: entries, plan } = explain(request, name, { around: 0, options: [] });
      const rows = (plan?.parts ?? []).flatMap((part) => ('rows' in part ? part.rows : []));
      const marked = rows.flatMap(({ edit, host }) => (edit === '' ? [] : [host]));
      expect([...new Set(marked)].sort(), name).to.deep.equal(entries[0]?.reach.one);
    }
  });
});
