import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { certificates, hosts, tierOf } from '../../../scenarios/auction/hosts.ts';
import { images } from '../../../scenarios/auction/images.ts';
import { auction } from '../../../scenarios/auction/scenario.ts';

const SIZE = { hosts: 2, scale: 0.02 };

describe('auction hosts', () => {
  it('have an image in both releases', () => {
    const built = new Set(images(SIZE).map(({ name, release }) => `${name}:${release}`));
    for (const { image } of hosts(SIZE)) {
      expect(built).to.include(`${image}:old`);
      expect(built).to.include(`${image}:new`);
    }
  });

  it('are a pair of balancers and the asked number of all others', () => {
    const names = hosts({ hosts: 4, scale: 0.02 }).map(({ name }) => name);
    for (const [tier, count] of [
      ['lb', 2],
      ['web', 4],
      ['app', 4],
      ['db', 4],
    ] as const) {
      expect(names.filter((name) => tierOf(name) === tier)).to.have.length(count);
    }
  });

  for (const wrong of [0, 1, 5, 2.5, Number.NaN]) {
    it(`refuse a size of ${wrong}`, () => {
      expect(() => hosts({ hosts: wrong, scale: 0.02 })).to.throw(/allowed is a whole number from 2 to 4/);
    });
  }

  it('limit the space for logs and give no web host control of its network', () => {
    for (const { tier, volumes, capabilities } of hosts(SIZE)) {
      const logs = volumes.find(({ path }) => path === '/var/log/auction');
      expect(logs?.sizeMb).to.be.within(16, 32);
      expect(capabilities.includes('NET_ADMIN')).to.equal(tier !== 'web');
    }
  });

  it('have certificates of their own in each release, for the largest size', () => {
    for (const release of ['old', 'new']) {
      const names = certificates
        .filter(({ name }) => name.endsWith(`-${release}`))
        .flatMap((one) => one.alternativeNames);
      for (const name of ['auction.test', 'web1.auction.test', 'web4.auction.test'])
        expect(names).to.include(name);
    }
  });
});

describe('auction images', () => {
  it('are made from files that are there', () => {
    for (const { dockerfile, context } of images(SIZE)) {
      expect(existsSync(dockerfile), dockerfile).to.equal(true);
      for (const file of context) {
        if (file.kind === 'node-binary') continue;
        const path = file.kind === 'copy' ? file.from : file.entry;
        expect(existsSync(path), path).to.equal(true);
      }
    }
  });

  it('depend on the scale only where they hold data', () => {
    const changed = (scale: number) => images({ hosts: 2, scale }).map(({ args }) => JSON.stringify(args));
    const [small, large] = [changed(0.02), changed(1)];
    const differing = images(SIZE).filter((_, index) => small[index] !== large[index]);
    expect(new Set(differing.map(({ name }) => name))).to.deep.equal(new Set(['auction-db']));
  });
});

describe('auction static pages', () => {
  const pages = {
    'index.html': 'Home',
    'browse.html': 'Browse',
    'register.html': 'Register',
    'sell.html': 'Sell',
    'about_me.html': 'AboutMeForm',
  };

  for (const release of ['old', 'new']) {
    const folder = `scenarios/auction/content/${release}`;
    it(`of the ${release} release name page and release, and link only to what is there`, () => {
      const files = new Set(readdirSync(folder));
      for (const [file, page] of Object.entries(pages)) {
        const text = readFileSync(`${folder}/${file}`, 'utf8');
        expect(text).to.include(`<body data-page="${page}" data-release="${release}">`);
        for (const [, target = ''] of text.matchAll(/(?:href|src)="\/([^"]*)"/g)) {
          if (target.startsWith('app/')) continue;
          expect(files, `${file} links to /${target}`).to.include(target === '' ? 'index.html' : target);
        }
      }
    });
  }

  it('are where the site looks for them', () => {
    expect(auction.facts.staticPath.old).to.not.equal(auction.facts.staticPath.new);
  });
});
