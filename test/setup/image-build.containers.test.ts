import { expect } from 'chai';
import type Dockerode from 'dockerode';
import type { ImageSpec } from '../../harness/contract/topology.ts';
import { connectEngine } from '../../harness/provision/engine.ts';
import { inspectImage } from '../../harness/setup/base-images.ts';
import { buildImages, IMAGE_LABEL, resolveImages } from '../../harness/setup/image-build.ts';

const FOLDER = 'test/setup/fixtures/image';
const sound: ImageSpec = {
  name: 'test-sound',
  release: 'new',
  suite: 'bookworm',
  dockerfile: `${FOLDER}/sound.Dockerfile`,
  context: [
    { kind: 'copy', from: `${FOLDER}/page.txt`, to: 'page.txt' },
    { kind: 'bundle', entry: `${FOLDER}/app.ts`, to: 'app.cjs', node: 24 },
    { kind: 'node-binary', to: 'node' },
  ],
  args: { GREETING: 'hello' },
};
const broken: ImageSpec = {
  ...sound,
  name: 'test-broken',
  dockerfile: `${FOLDER}/broken.Dockerfile`,
  context: [],
  args: {},
};

describe('images', () => {
  let engine: Dockerode;
  const silent = (): void => undefined;

  /** Also before: those of a run that was killed would be found, and nothing would be built. */
  const removeImages = async (): Promise<void> => {
    for (const name of [sound.name, broken.name]) {
      const images = await engine.listImages({
        filters: JSON.stringify({ label: [`${IMAGE_LABEL}=${name}`] }),
      });
      for (const { Id } of images) await engine.getImage(Id).remove({ force: true });
    }
  };

  before(async () => {
    engine = await connectEngine();
    await removeImages();
  });
  after(removeImages);

  it('are missing before they are built, and the message names them', async () => {
    const error = await resolveImages([sound]).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.include('test-sound:new').and.to.include('./upfault setup');
  });

  it('are built with files, bundles, arguments and the Node.js of the testbed, and found again', async () => {
    const lines: string[] = [];
    const built = await buildImages([sound], (_, line) => lines.push(line));
    const tag = built.get('test-sound:new') as string;
    expect(tag).to.match(/^upfault\/test-sound:new-[0-9a-f]{12}$/);
    expect(lines).to.deep.equal([`building ${tag}`]);
    expect((await inspectImage(engine, tag))?.Config.Labels).to.include({ [IMAGE_LABEL]: 'test-sound' });
    expect(await resolveImages([sound])).to.deep.equal(built);
    expect(await outputOf(tag)).to.equal('a page\nhello\nNode.js 24\n');
  });

  it('are not built a second time', async () => {
    const lines: string[] = [];
    await buildImages([sound], (_, line) => lines.push(line));
    expect(lines).to.deep.equal([]);
  });

  it('that cannot be built say what the failing step printed, and nothing of the steps before', async () => {
    const error = await buildImages([broken], silent).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message)
      .to.include('upfault/test-broken:new-')
      .and.to.include('the reason is here')
      .and.to.include('7');
    expect(error?.message).not.to.include('this went well');
  });

  async function outputOf(image: string): Promise<string> {
    const container = await engine.createContainer({
      Image: image,
      Labels: { upfault: 'dev-setup' },
      HostConfig: { NetworkMode: 'none' },
    });
    try {
      await container.start();
      await container.wait();
      const logs = (await container.logs({ stdout: true })) as unknown as Buffer;
      // Frames of the engine's stream: eight bytes of header, then text.
      let text = '';
      for (let at = 0; at < logs.length; at += 8 + logs.readUInt32BE(at + 4)) {
        text += logs.toString('utf8', at + 8, at + 8 + logs.readUInt32BE(at + 4));
      }
      return text;
    } finally {
      await container.remove({ force: true });
    }
  }
});
