import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { PostureProbe } from '../../harness/contract/settle.ts';
import { probePosture } from '../../harness/observation/probes.ts';
import type { UniverseMap } from '../../harness/provision/universe.ts';
import type { System } from '../../harness/trial/system.ts';
import { CLOSED_PATHS } from '../../scenarios/auction/probes.ts';

const HOSTS = ['web1', 'web2'];
const SERVING = {
  universe: 'old',
  specs: Object.fromEntries(HOSTS.map((name) => [name, { name, tier: 'web' }])),
} as unknown as UniverseMap;
const BINDINGS = { universes: { old: SERVING }, secrets: {}, pems: {}, images: {}, startNs: '0' };

const command: PostureProbe = {
  ...{ name: 'ports', summary: 'what listens' },
  look: { kind: 'command', tiers: ['web'], argv: ['ports'] },
};
const pages = (paths: readonly string[]): PostureProbe => ({
  ...{ name: 'pages', summary: 'what answers' },
  look: { kind: 'pages', paths },
});

/** What a probe sees on hosts of which those named have no machine that runs, and the others answer. */
async function onHosts(gone: readonly string[], answers = (_: string) => ({ exitCode: 0, stdout: '80\n' })) {
  const hosts = {
    exec: async (_: unknown, host: string) => {
      if (gone.includes(host)) throw new Error(`no such container: ${host}`);
      return { stderr: 'refused', ...answers(host) };
    },
    isRunning: async (_: unknown, host: string) => !gone.includes(host),
  };
  const [result] = await probePosture([command], { hosts, bindings: BINDINGS } as unknown as System, SERVING);
  return result ?? expect.fail('no result');
}

describe('posture probes', () => {
  describe('of pages', () => {
    let server: http.Server;
    let asked: string[];
    let answerTo: (target: string) => number;
    const seen = async (paths: readonly string[]) => {
      const { port } = server.address() as AddressInfo;
      const [result] = await probePosture([pages(paths)], { port } as unknown as System, SERVING);
      return result ?? expect.fail('no result');
    };
    beforeEach(async () => {
      asked = [];
      server = http.createServer((request, response) => {
        asked.push(request.url ?? '');
        response.writeHead(answerTo(request.url ?? '')).end('a page');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => new Promise((resolve) => server.close(resolve)));

    it('ask for each path as it is written, also for one that climbs', async () => {
      answerTo = () => 403;
      expect(await seen(CLOSED_PATHS)).to.include({ taken: true, reason: '' });
      expect(new Set(asked)).to.deep.equal(new Set(CLOSED_PATHS));
      expect(asked).to.include.members(['/../../etc/auction/app.json', '/app/./admin/status']);
    });

    it('tell which answer a stranger, be it on one host of several', async () => {
      let turn = 0;
      answerTo = (target) => (target === '/../secret' && ++turn === 4 ? 200 : 302);
      expect(await seen(['/../secret', '/moved'])).to.deep.include({
        taken: true,
        exposures: ['GET /../secret answers 200'],
      });
    });

    it('are not taken where nobody answers', async () => {
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      const [result] = await probePosture([pages(['/'])], { port } as unknown as System, SERVING);
      expect(result).to.deep.include({ taken: false, exposures: [] });
      expect(result?.reason).to.contain('ECONNREFUSED');
    });
  });

  describe('of hosts', () => {
    it('tell what each says, once', async () => {
      expect(await onHosts([])).to.deep.include({ taken: true, exposures: ['web 80'], reason: '' });
    });

    it('pass over a host without a running machine, and say so', async () => {
      const result = await onHosts(['web2']);
      expect(result).to.deep.include({ taken: true, exposures: ['web 80'] });
      expect(result.reason).to.contain('web2');
    });

    it('are not taken where a machine runs that gives no answer', async () => {
      const result = await onHosts([], (host) => ({ exitCode: host === 'web2' ? 1 : 0, stdout: '80\n' }));
      expect(result).to.deep.include({ taken: false, exposures: [] });
      expect(result.reason).to.contain('web2: exit code 1: refused');
    });
  });
});
