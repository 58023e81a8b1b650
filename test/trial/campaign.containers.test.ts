/** Real campaigns on real containers, as a user runs them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Plan } from '../../harness/contract/plan.ts';
import { connectEngine } from '../../harness/provision/engine.ts';
import type { CampaignRecord, TrialRecord } from '../../results/schema.ts';
import { auction } from '../../scenarios/auction/scenario.ts';

const CLI = fileURLToPath(new URL('../../harness/cli.ts', import.meta.url));
/** Longest wait for what is not a matter of speed here but must come in the end. */
const PATIENCE_MS = 60_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function upfault(...argv: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [CLI, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, ended };
}

const made: string[] = [];

function newFolder(): string {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'upfault-campaign-'));
  made.push(parent);
  return path.join(parent, 'campaign');
}

after(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

const campaignOf = (folder: string) =>
  JSON.parse(readFileSync(path.join(folder, 'campaign.json'), 'utf8')) as CampaignRecord;

const trialOf = (folder: string, id: string) =>
  JSON.parse(readFileSync(path.join(folder, 'trials', id, 'trial.json'), 'utf8')) as TrialRecord;

const planOf = (folder: string, id: string) =>
  JSON.parse(readFileSync(path.join(folder, 'trials', id, 'plan.json'), 'utf8')) as Plan;

/** Containers, networks and volumes of a campaign that are still on the engine. */
async function left(campaign: string): Promise<string[]> {
  const engine = await connectEngine();
  const filters = JSON.stringify({ label: [`upfault=${campaign}`] });
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Names }) => Names[0] ?? ''),
    ...networks.map(({ Name }) => Name),
    ...(volumes.Volumes ?? []).map(({ Name }) => Name),
  ];
}

async function eventually<T>(what: string, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const until = process.hrtime.bigint() + BigInt(PATIENCE_MS) * 1_000_000n;
  while (process.hrtime.bigint() < until) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(200);
  }
  throw new Error(`waited ${PATIENCE_MS} ms for ${what}`);
}

/** Trials of the campaign without a fault. */
const CONTROLS = ['none-control-1', 'rolling-control-1', 'imago-control-1'];
const SWITCHED_OR_UPGRADED = ['rolling-control-1', 'imago-control-1'];

const TABLES = ['trials.csv', 'impacts.csv', 'cells.csv', 'gates.csv', 'sensitivity.csv'];

/** Text that has the form of a trial's credentials: 32 hexadecimal digits by themselves, a private key, a password's hash. */
const CREDENTIAL = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|BEGIN [A-Z ]*PRIVATE KEY|\*[0-9A-F]{40}\b/;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

describe('campaign of a rolling upgrade and of Imago', function () {
  this.timeout(1_200_000);
  const folder = newFolder();
  let ended: Ended;

  before(async () => {
    // Windows in which the upgrade ends with much time to spare: how fast it is, is no matter here.
    const what = ['--fault', 'wrong-privileges', '--controls', '1', '--seed', '5', '--windows', 'standard'];
    what.push('--provocations', 'quick'); // What takes longer is stood in the auction's own test.
    what.push('--approach', 'rolling,imago');
    ended = await upfault('run', ...what, '--out', folder).ended;
  });

  it('ends well, names its report and shows the summary', () => {
    expect(ended.code, ended.stderr).to.equal(0);
    expect(ended.stdout)
      .to.include(path.join(folder, 'report.html'))
      .and.to.match(/wrong-privileges/);
  });

  it('leaves nothing on the engine', async () => {
    expect(await left(campaignOf(folder).campaign)).to.deep.equal([]);
  });

  it('has evidence of the fault, and finds none of it on the control', () => {
    const [evidence] = trialOf(folder, 'rolling-wrong-privileges-1').evidence;
    expect(evidence?.verdict).to.equal('found');
    for (const id of ['rolling-control-1', 'imago-control-1']) {
      const { shams, outcome } = trialOf(folder, id);
      expect(outcome).to.equal('completed');
      expect(shams.map(({ fault, verdict }) => [fault, verdict])).to.deep.equal([
        ['wrong-privileges', 'not-found'],
      ]);
    }
  });

  for (const id of [...CONTROLS, 'imago-wrong-privileges-1']) {
    it(`settles the ledger of ${id} exactly`, () => {
      const { ledger, horizon, upgrade } = trialOf(folder, id);
      for (const cut of [ledger?.afterHorizon, ledger?.afterProvocations]) {
        expect(cut?.acknowledged).to.be.greaterThan(0);
        expect(cut?.foundOnce).to.equal(cut?.acknowledged);
        expect(cut).to.include({
          lost: 0,
          duplicated: 0,
          altered: 0,
          derivedWrong: 0,
          seedBucketsDiffering: 0,
        });
        expect(cut?.unreadable).to.deep.equal([]);
      }
      expect(horizon?.offered).to.be.greaterThan(0);
      expect(upgrade.finalState).to.equal(SWITCHED_OR_UPGRADED.includes(id) ? 'new' : 'old');
    });
  }

  it('switches a sound parallel universe in two short quiescences, found equal and tested', () => {
    const { imago, upgrade } = trialOf(folder, 'imago-control-1');
    expect(upgrade.outcome).to.equal('upgraded');
    expect(imago?.quiescences.map(({ phase, ended }) => [phase, ended])).to.deep.equal([
      ['terminate', 'released'],
      ['switch', 'released'],
    ]);
    expect(imago?.transferredRows).to.be.greaterThan(100_000);
    expect(imago?.compared).to.be.greaterThan(0);
    expect(imago).to.include({ mismatched: 0, driverRestarts: 0, reach: 'new', holding: false });
    expect(imago?.running).to.deep.equal([]);
  });

  it('leases machines for a parallel universe only', () => {
    const { leased } = trialOf(folder, 'imago-control-1');
    expect(leased?.cpuSeconds).to.be.greaterThan(0);
    for (const id of ['none-control-1', 'rolling-control-1'])
      expect(trialOf(folder, id).leased, id).to.equal(null);
  });

  it('leaves every host of a sound rolling upgrade in the new release and in rotation', () => {
    const { upgrade } = trialOf(folder, 'rolling-control-1');
    expect(upgrade).to.include({ outcome: 'upgraded', gate: '' });
    expect(upgrade.hostReleases).to.deep.equal(
      Object.fromEntries(['lb1', 'lb2', 'web1', 'web2', 'app1', 'app2'].map((host) => [host, 'new'])),
    );
    expect(upgrade.restingHosts).to.deep.equal([]);
  });

  it('records which versions the servers are of', () => {
    for (const id of CONTROLS) {
      const { versions } = trialOf(folder, id);
      expect(Object.keys(versions), id).to.have.members(auction.versions.map(({ host }) => host));
      for (const [host, version] of Object.entries(versions)) expect(version, `${id} ${host}`).to.match(/\d/);
    }
  });

  it('gives a faulty parallel universe up at a gate, and the old one was never touched', () => {
    const { imago, upgrade, evidence } = trialOf(folder, 'imago-wrong-privileges-1');
    expect(evidence[0]?.verdict).to.equal('found');
    expect(upgrade.outcome).to.equal('rolled-back');
    expect(upgrade.gate).to.be.oneOf(['health', 'integration-tests', 'compare-engine']);
    expect(imago?.residue).to.deep.equal([]);
    expect(imago).to.include({ reach: 'old', holding: false });
    expect(imago?.running).to.deep.equal([]);
  });

  it('provokes by all that is quick, and every provocation holds on the controls', () => {
    const quick = auction.provocations.filter(({ set }) => set === 'quick').map(({ name }) => name);
    expect(quick).to.not.be.empty;
    for (const id of CONTROLS) {
      const { provocations } = trialOf(folder, id);
      const planned = planOf(folder, id).provocations;
      expect(planned, id).to.have.members(quick);
      expect(
        provocations.map(({ name }) => name),
        id,
      ).to.deep.equal(['unprovoked', ...planned, 'afterwards']);
      expect(provocations.filter(({ held, carriedOut }) => !held || !carriedOut)).to.deep.equal([]);
    }
  });

  it('takes every probe of the scenario', () => {
    for (const id of CONTROLS) {
      const { probes } = trialOf(folder, id);
      expect(
        probes.map(({ name }) => name),
        id,
      ).to.have.members(auction.probes.map(({ name }) => name));
      expect(probes.filter(({ taken }) => !taken)).to.deep.equal([]);
    }
  });

  it('keeps no credential in any file of the record', () => {
    expect(CREDENTIAL.test(`password ${'0f'.repeat(16)} planted`), 'the check can fail').to.equal(true);
    const files = filesBelow(folder).filter((file) => !file.endsWith('report.html'));
    expect(files.length).to.be.greaterThan(20);
    expect(files.filter((file) => CREDENTIAL.test(readFileSync(file, 'utf8')))).to.deep.equal([]);
  });

  it('is judged to the same bytes from a copy', async () => {
    const copy = newFolder();
    cpSync(folder, copy, { recursive: true });
    // What was copied would be the same whatever the copy is judged to.
    for (const file of [...TABLES, 'report.html']) rmSync(path.join(copy, file));
    expect((await upfault('judge', copy).ended).code).to.equal(0);
    for (const table of TABLES) {
      expect(
        readFileSync(path.join(copy, table)).equals(readFileSync(path.join(folder, table))),
        table,
      ).to.equal(true);
    }
  });

  it('has nothing left to run when it is resumed', async () => {
    const { code, stderr } = await upfault('run', '--resume', folder).ended;
    expect(code, stderr).to.equal(0);
    expect(stderr).to.include('5 of 5 trials are recorded already, 0 to run');
  });
});

describe('campaign that is ended from outside', function () {
  this.timeout(200_000);

  /** Starts a campaign and waits until hosts are being made. */
  async function started(): Promise<{ child: ChildProcess; ended: Promise<Ended>; campaign: string }> {
    const folder = newFolder();
    const run = upfault('run', '--approach', 'none', '--fault', 'none', '--controls', '1', '--out', folder);
    const campaign = await eventually('the campaign’s record', () => {
      try {
        return campaignOf(folder).campaign;
      } catch {
        return undefined;
      }
    });
    await eventually('its first hosts', async () => ((await left(campaign)).length > 3 ? true : undefined));
    return { ...run, campaign };
  }

  it('tears everything down on Ctrl-C and exits with 130', async () => {
    const { child, ended, campaign } = await started();
    child.kill('SIGINT');
    expect((await ended).code).to.equal(130);
    expect(await left(campaign)).to.deep.equal([]);
  });

  it('is cleaned up by its watchdog when it is killed', async () => {
    const { child, ended, campaign } = await started();
    child.kill('SIGKILL');
    await ended;
    await eventually('an empty engine', async () => ((await left(campaign)).length === 0 ? true : undefined));
    // What the engine was still making when the process died must not come up afterwards.
    await delay(3_000);
    expect(await left(campaign)).to.deep.equal([]);
  });
});
