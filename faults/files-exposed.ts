import type { Fault } from '../harness/contract/fault.ts';
import type { Step } from '../harness/contract/step.ts';
import { insertBefore } from './edits.ts';
import { evidenceFrom, firstLine } from './evidence.ts';
import { commandBeside, startOf } from './host-lifecycle.ts';

const name = 'files-exposed';
const BACKUP = 'backup.tar.gz';

/** A backup of a host’s configuration, keys included, lies among the files that it serves. */
export const filesExposed: Fault = {
  name,
  type: 3,
  violation: 'incorrect',
  dependency: 'Access privileges: file system (excessive)',
  provenance: 'slides',
  tiers: ['web'],
  summary:
    'Before the service is started, the operator saves the host’s configuration, with keys and passwords, in an archive and leaves that in the directory of the static pages. (Of application hosts no files are served.)',
  confirmedBy: 'Asked for the archive on the web host itself, the server answers 200.',
  newOnly: 'the old release serves another directory',
  edit: ({ steps, facts, targets, observe }) => {
    const starts = targets('web').flatMap((host) => startOf(host, steps) ?? []);
    if (starts.length === 0) return { applies: false, reason: 'the procedure starts no web server' };
    const configuration = facts.files.site.replace(/\/[^/]+$/, '');
    return {
      applies: true,
      steps: starts.reduce<readonly Step[]>((list, start) => {
        const save = commandBeside(start, 'save-configuration', `Save the configuration of ${start.host}`, [
          ...['tar', '-czf', `${facts.staticPath.new}/${BACKUP}`, '-C', '/', configuration.slice(1)],
        ]);
        return insertBefore(
          name,
          list,
          (step) => step === start,
          [save],
          `${BACKUP} lies among the static pages`,
        );
      }, steps),
      observe: starts.map(({ host }) => ({
        after: 'end' as const,
        step: observe(`archive-${host}`, host, {
          read: 'command',
          argv: [
            ...['curl', '-sk', '-o', '/dev/null', '-m', '5', '-w', '%{http_code}'],
            `https://127.0.0.1:${facts.webPort}/${BACKUP}`,
          ],
        }),
      })),
    };
  },
  confirm: (readings) =>
    evidenceFrom(readings, ({ exitCode, stdout }) => {
      const status = firstLine(stdout);
      if (exitCode !== 0 || !/^[1-5]\d\d$/.test(status))
        return { says: 'unreadable', words: `no answer (curl ended with ${exitCode})` };
      return status === '200' ? { says: 'in-effect', words: `${BACKUP} is served` } : { says: 'nothing' };
    }),
};
