import { expect } from 'chai';
import { parseGoVersion, parseK6Version } from '../../harness/setup/k6.ts';

describe('versions of the programs that set-up looks for', () => {
  for (const [output, version] of [
    ['k6 v1.8.1 (go1.26.8, linux/amd64)\n', '1.8.1'],
    ['k6 v0.49.0 (2024-01-29T12:00:00+0000/v0.49.0-0-g1234, go1.21.6, linux/amd64)\n', '0.49.0'],
    ['k6 v2.0.0-rc1 (commit/abc, go1.26, linux/arm64)\n  Extensions:\n', '2.0.0-rc1'],
    ['something else v1.8.1\n', undefined],
    ['', undefined],
  ] as const) {
    it(`reads ${version ?? 'nothing'} from k6 output ${JSON.stringify(output)}`, () => {
      expect(parseK6Version(output)).to.equal(version);
    });
  }

  for (const [output, version] of [
    ['go version go1.26.8 linux/amd64\n', [1, 26]],
    ['go version go1.25rc1 darwin/arm64\n', [1, 25]],
    ['go version go1.19.8 linux/amd64\n', [1, 19]],
    ['bash: go: command not found', undefined],
  ] as const) {
    it(`reads ${version?.join('.') ?? 'nothing'} from Go output ${JSON.stringify(output)}`, () => {
      expect(parseGoVersion(output)).to.deep.equal(version);
    });
  }
});
