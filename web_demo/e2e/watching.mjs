/**
 * Lets the page watch a film through a camera that plays it, and prints what it read.
 *
 *   node e2e/watching.mjs CHROMIUM ADDRESS FILM.y4m SECONDS
 *
 * `tests/browser` knows what the film shows, and compares.
 */

import { Visitor } from "./visiting.mjs";

const [executablePath, address, film, seconds] = process.argv.slice(2);
const DEVICE = "--use-fake-device-for-media-stream";
const CAMERA = [
  DEVICE,
  "--use-fake-ui-for-media-stream",
  `--use-file-for-fake-video-capture=${film}`,
];
const complaints = [];
const requests = [];

/** Looks around with a browser of its own. */
async function visit(args, look) {
  const visitor = await Visitor.start(executablePath, address, null, args);
  try {
    return await look(visitor);
  } finally {
    complaints.push(...visitor.errors);
    await visitor.browser.close();
  }
}

async function open(visitor) {
  const page = await visitor.openBlank();
  page.context().on("request", (request) => requests.push(request.url()));
  await page.goto(visitor.address);
  await visitor.wait(page);
  return page;
}

/** Starts, and answers with why it did not. */
const start = (page) =>
  page.evaluate(() =>
    window.watcher.start().then(
      () => null,
      ({ message }) => message,
    ),
  );

/** Everything the page makes of the film: `[seconds, controls]` sixty times a second. */
async function watch(page) {
  await page.waitForFunction(() => window.watcher.state === "watching");
  return page.evaluate(async (length) => {
    const { watcher } = window;
    const rows = [];
    const costs = [];
    const before = watcher.numPictures;
    const began = performance.now() / 1000;
    for (let now = began; now < began + length; now = performance.now() / 1000) {
      const values = watcher.source(now);
      if (values) rows.push([now, { ...values }]);
      costs.push(watcher.spent);
      await new Promise((resolve) => setTimeout(resolve, 1000 / 60));
    }
    const pictures = (watcher.numPictures - before) / length;
    costs.sort((one, other) => one - other);
    return { rows, pictures, milliseconds: costs[costs.length >> 1] };
  }, Number(seconds));
}

/** Unplugs the camera, which a page cannot do: its end is told instead. */
const unplug = (page) =>
  page.evaluate(() => {
    const [track] = window.watcher.video.srcObject.getVideoTracks();
    track.dispatchEvent(new Event("ended"));
    const { state } = window.watcher;
    return { state, isLive: track.readyState === "live", errors: window.errors };
  });

/** How it goes when the camera is back: the face at rest is known by now. */
async function startAgain(page) {
  const known = await page.evaluate(() => window.states.length);
  const failure = await start(page);
  await page.waitForFunction(() => window.watcher.state === "watching");
  const states = await page.evaluate(() => window.states);
  return { failure, states: states.slice(known) };
}

/** A server that lacks MediaPipe. */
async function missRuntime(visitor) {
  const page = await open(visitor);
  await page.route("**/mediapipe/**", (route) => route.fulfill({ status: 404 }));
  return start(page);
}

/** Does what MediaPipe does once a minute: sends its figures home. */
async function tryToTell(page) {
  const [worker] = page.workers();
  return worker.evaluate(() =>
    fetch("https://odml.pa.googleapis.com/v1/log", { method: "POST" }).then(
      () => "sent",
      String,
    ),
  );
}

async function useCamera(visitor) {
  const page = await open(visitor);
  const failure = await start(page);
  if (failure) throw new Error(failure);
  const seen = await watch(page);
  const rest = await page.evaluate(() => window.watcher.calibrate());
  const states = await page.evaluate(() => window.states);
  const leak = await tryToTell(page);
  const unplugged = await unplug(page);
  const again = await startAgain(page);
  const missing = await visitor.forgive(() => missRuntime(visitor));
  return { ...seen, rest, states, leak, unplugged, again, missing };
}

/** A viewer who says no. */
const refuseCamera = async (visitor) => start(await open(visitor));

const seen = await visit(CAMERA, useCamera);
const refusal = await visit([DEVICE], refuseCamera);
console.log(JSON.stringify({ ...seen, refusal, complaints, requests }));
