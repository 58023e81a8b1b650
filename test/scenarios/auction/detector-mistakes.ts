/** Mistakes that operators' own tools must complain of. */
import type { DetectorName } from '../../../harness/contract/detector.ts';
import { auction } from '../../../scenarios/auction/scenario.ts';

/** A mistake for each tool of each tier, planted where nothing that is tested later relies on it. */
export const MISTAKES: readonly {
  readonly detector: DetectorName;
  readonly host: string;
  readonly mistake: { readonly plant: string; readonly told: RegExp };
}[] = [
  {
    detector: 'package-manager',
    host: 'web1',
    mistake: { plant: 'echo >> /usr/bin/logresolve', told: /logresolve/ },
  },
  {
    detector: 'loader',
    host: 'web1',
    mistake: {
      plant: "echo 'LoadModule planted_module /usr/lib/planted.so' > /etc/apache2/mods-enabled/planted.load",
      told: /planted\.so: .*(No such file|not found)/,
    },
  },
  {
    detector: 'loader',
    host: 'app2',
    mistake: {
      plant: `sed -i 's#digest.node#planted.node#' ${auction.facts.files.app}`,
      told: /planted\.node: .*No such file/,
    },
  },
  {
    detector: 'configuration-test',
    host: 'web2',
    mistake: { plant: `echo 'Listne 443' >> ${auction.facts.files.site}`, told: /Listne/ },
  },
  {
    detector: 'configuration-test',
    host: 'lb1',
    mistake: { plant: `echo 'planted 443' >> ${auction.facts.files.balancer}`, told: /planted/ },
  },
  {
    detector: 'configuration-test',
    host: 'app1',
    mistake: { plant: `sed -i 's/"server"/"sevrer"/' ${auction.facts.files.app}`, told: /sevrer/ },
  },
  {
    detector: 'configuration-test',
    host: 'db1',
    mistake: {
      plant: `printf 'max_connectoins = 3\\n' >> ${auction.facts.files.database}`,
      told: /max_connectoins/,
    },
  },
];
