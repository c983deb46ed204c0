/**
 * Plays sound to the drivers that listen and prints what they said, as JSON.
 *
 *   node e2e/hearing.mjs CHROMIUM ADDRESS WHAT SOUND
 *
 * `WHAT` is one of `visits`. `ADDRESS` serves `e2e/hearing`, built. `tests/browser`
 * compares with Python.
 */

import { readFile } from "node:fs/promises";
import { Visitor } from "./visiting.mjs";

const [executablePath, address, what, sound] = process.argv.slice(2);
// Nobody clicks here.
const AUTOPLAY = "--autoplay-policy=no-user-gesture-required";
const DEVICE = "--use-fake-device-for-media-stream";
const MICROPHONES = {
  microphone: [
    DEVICE,
    "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-audio-capture=${sound}%noloop`,
  ],
  // Nobody is there to allow it.
  refused: [DEVICE],
};
const HOURS_2 = 2 * 60 * 60;

/** Hands a file to the page as a viewer does, and to a function of the page. */
async function choose(page, action) {
  await page.evaluate(() => {
    document.body.innerHTML = "<input type=file>";
  });
  await page.setInputFiles("input", sound);
  return page.evaluate(
    `(${action})(document.querySelector("input").files[0], window.hearing)`,
  );
}

const tryToListen = (page) =>
  page.evaluate(() => window.hearing.listen(1).catch(({ message }) => message));

const visits = {
  file: (page) => choose(page, (file, hearing) => hearing.playFile(file, 60)),

  async microphone(page) {
    const heard = await page.evaluate(() => window.hearing.listen(12));
    const unplugged = await page.evaluate(() =>
      window.hearing.leave((stream) => {
        for (const track of stream.getTracks()) track.dispatchEvent(new Event("ended"));
      }),
    );
    await page.evaluate(() => window.hearing.listen(0.5));
    const stopped = await page.evaluate(() =>
      window.hearing.leave(() => window.hearing.microphone.stop()),
    );
    return { ...heard, unplugged, stopped };
  },

  flood: (page) => page.evaluate(() => window.hearing.flood(2000)),

  refused: tryToListen,
  absent: tryToListen,

  wrong: (page) =>
    choose(page, (file, hearing) =>
      hearing.openFile(file).catch(({ message }) => message),
    ),

  async long(page) {
    await choose(page, (file, hearing) => hearing.openFile(file));
    const bytes = [];
    for (let second = 0; second <= 20; second += 5) {
      await page.waitForTimeout(second ? 5000 : 3000);
      bytes.push(await measureMemory(page));
    }
    const before = await page.evaluate(() => window.hearing.soundFile.position);
    await page.evaluate((seconds) => window.hearing.soundFile.seek(seconds), HOURS_2);
    await page.waitForTimeout(1000);
    const jaws = await page.evaluate(() => window.hearing.watchJaw(6));
    const look = () =>
      page.evaluate(() => {
        const { position, duration, isPlaying } = window.hearing.soundFile;
        return { position, duration, isPlaying };
      });
    const sought = await look();
    await page.evaluate(() => window.hearing.soundFile.pause());
    await page.waitForTimeout(1000);
    const paused = { ...(await look()), jaws: await shutJaws(page) };
    await page.evaluate(() => window.hearing.soundFile.play());
    await page.waitForTimeout(1500);
    const resumed = await look();
    const { statistics } = await page.evaluate(() => ({
      statistics: window.hearing.soundFile.statistics,
    }));
    await page.evaluate(() => window.hearing.soundFile.stop());
    return { bytes, before, jaws, sought, paused, resumed, statistics };
  },
};

const shutJaws = (page) => page.evaluate(() => window.hearing.watchJaw(0.5));

/** The heap of the page, and all memory of the process that draws it, in bytes. */
async function measureMemory(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize = 0 } =
    await session.send("Runtime.getHeapUsage");
  await session.detach();
  const root = await page.context().browser().newBrowserCDPSession();
  const { processInfo } = await root.send("SystemInfo.getProcessInfo");
  await root.detach();
  const sizes = await Promise.all(
    processInfo
      .filter(({ type }) => type === "renderer")
      .map(({ id }) => readFile(`/proc/${id}/statm`, "utf8")),
  );
  const pages = Math.max(...sizes.map((text) => Number(text.split(" ")[1])));
  return { heap: usedSize + backingStorageSize, process: pages * 4096 };
}

const visitor = await Visitor.start(executablePath, address, null, [
  AUTOPLAY,
  ...(MICROPHONES[what] ?? []),
]);
try {
  const page = await visitor.open();
  const said = await visits[what](page);
  const errors = await page.evaluate(() => window.hearing.errors);
  console.log(JSON.stringify({ said, errors, complaints: visitor.errors }));
} finally {
  await visitor.browser.close();
}
