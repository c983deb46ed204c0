/**
 * Uses the npm package's example as a viewer would and prints what happened, as JSON.
 *
 *   node e2e/element.mjs CHROMIUM ADDRESS [FOLDER for pictures]
 *
 * The address shows the example of `package/README.md`. `tests/browser` compares the
 * pixels with Python's.
 */

import { change } from "./element_changes.mjs";
import { Visitor } from "./visiting.mjs";

const [executablePath, address, pictures] = process.argv.slice(2);
const visitor = await Visitor.start(executablePath, address, pictures, [
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
]);
const page = await visitor.openBlank({ viewport: { width: 800, height: 600 } });
const requests = [];
page.on("request", (request) => requests.push(new URL(request.url()).pathname));

const element = page.locator("virtual-anchor");
const waitForStatus = (text) => page.getByText(text).first().waitFor();

async function useExample() {
  await page.goto(visitor.address);
  await waitForStatus("It renders by");
  const loaded = [...requests];
  const lowest = await watchNod();
  await waitForStatus("It nodded.");
  const film = await watchFilm();
  await visitor.takePicture(page, "element");
  const [role, label] = await Promise.all(
    ["role", "aria-label"].map((name) => element.getAttribute(name)),
  );
  const isMarked = await page.getByText("Synthetic").isVisible();
  return { loaded, lowest, film, role, label, is_marked: isMarked };
}

/** The lowest pitch of the head that was shown while the performance played. */
function watchNod() {
  return element.evaluate(async (one) => {
    let lowest = 0;
    const end = performance.now() + 1800;
    while (performance.now() < end) {
      lowest = Math.min(lowest, one.anchor.drawn.headPitch);
      await new Promise(requestAnimationFrame);
    }
    return lowest;
  });
}

/** How many different pictures the stream brings in a second, and its kinds of tracks. */
function watchFilm() {
  return page.locator("video").evaluate(async (video) => {
    const context = new OffscreenCanvas(64, 64).getContext("2d");
    const pictures = new Set();
    const end = performance.now() + 1500;
    while (performance.now() < end) {
      context.drawImage(video, 0, 0, 64, 64);
      pictures.add(String(context.getImageData(0, 0, 64, 64).data));
      await new Promise(requestAnimationFrame);
    }
    const kinds = video.srcObject.getTracks().map(({ kind }) => kind);
    return { num_pictures: pictures.size, kinds, width: video.videoWidth };
  });
}

/** Stands still, and tells what is on the canvas and what `render` gives. */
async function standStill() {
  return element.evaluate(async (one) => {
    one.setAttribute("idle", "off");
    const { anchor } = one;
    let [before, numSame] = [null, 0];
    while (numSame < 90) {
      const now = JSON.stringify(anchor.drawn);
      numSame = now === before ? numSame + 1 : 0;
      before = now;
      await new Promise(requestAnimationFrame);
    }
    const { width, height } = anchor.canvas;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(anchor.canvas, 0, 0);
    const rate = anchor.fps;
    const rendered = { jawOpen: 0.5, headYaw: -0.2 };
    return {
      drawn: anchor.drawn,
      pixels: [...context.getImageData(0, 0, width, height).data],
      rendered,
      rendered_pixels: [...(await anchor.render(rendered))],
      latency: anchor.latency,
      rate,
    };
  });
}

/** Frames a second below the fold, back in sight, and the same in a hidden tab. */
async function scrollAway() {
  return element.evaluate(async (one) => {
    const wait = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));
    one.setAttribute("idle", "on");
    // What is recorded goes on out of sight.
    for (const track of document.querySelector("video").srcObject.getTracks()) {
      track.stop();
    }
    document.body.style.marginTop = "5000px";
    await wait(1.6);
    const away = one.anchor.fps;
    document.body.style.marginTop = "";
    await wait(1.6);
    const seen = one.anchor.fps;
    // As the browser does when another tab is chosen.
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    await wait(1.6);
    const hidden = one.anchor.fps;
    delete document.hidden;
    document.dispatchEvent(new Event("visibilitychange"));
    await wait(1.6);
    return { away, seen, hidden, back: one.anchor.fps };
  });
}

/** Clicks on the example's button, with no voice there. */
async function speak() {
  await page.route("**/espeak/*", (route) => route.fulfill({ status: 404 }));
  const numBefore = requests.length;
  await page.click("#say");
  await waitForStatus(/It spoke|There is no voice/);
  await page.unroute("**/espeak/*");
  const status = await page.textContent("#status");
  return { status, requests: requests.slice(numBefore) };
}

try {
  const seen = await useExample();
  const still = await standStill();
  const scrolled = await scrollAway();
  const spoken = await visitor.forgive(speak);
  const changed = await change(visitor, page);
  // A plain site has no voices of its own, and this one no icon.
  const errors = visitor.errors.filter((one) => !/voices\.json|favicon/.test(one));
  console.log(JSON.stringify({ ...seen, still, scrolled, spoken, changed, errors }));
} finally {
  await visitor.browser.close();
}
