/**
 * Uses the page as a viewer would and prints what happened, as JSON.
 *
 *   node e2e/page.mjs CHROMIUM ADDRESS [FOLDER for pictures]
 *
 * `tests/browser` compares the pixels with Python's.
 */

import { DESKTOP, PHONE, Visitor } from "./visiting.mjs";

const [executablePath, address, pictures] = process.argv.slice(2);
const BACKEND = "backend=tfjs-wasm";
const visitor = await Visitor.start(executablePath, address, pictures);

/** Puts the n-th visible slider at a share of its range and waits until it is shown. */
async function moveSlider(page, index, share) {
  const slider = page.locator("details[open] input[type=range]:visible").nth(index);
  const { min, max } = await slider.evaluate(({ min, max }) => ({
    min: Number(min),
    max: Number(max),
  }));
  await slider.fill(String(min + share * (max - min)));
  await settle(page);
}

/** Waits until the canvas shows what was asked for. */
async function settle(page) {
  await page.waitForFunction(() => window.anchor.isSettled());
}

/** What the canvas shows, which the page's own drawing does not touch. */
async function look(page) {
  return page.evaluate(() => {
    const canvas = document.querySelector("#canvas");
    const copy = document.createElement("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    const context = copy.getContext("2d");
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    return { controls: window.anchor.drawn(), pixels: [...data] };
  });
}

async function useControls() {
  const page = await visitor.open(`idle=0&${BACKEND}`, { viewport: DESKTOP });
  await visitor.showTab(page, "face");
  const atRest = await look(page);
  await moveSlider(page, 0, 0.9);
  await moveSlider(page, 1, 0.6);
  const moved = await look(page);
  const pixels = await page.evaluate(
    async (controls) => [...(await window.anchor.render(controls))],
    moved.controls,
  );
  const chip = page.locator("[data-expression]").nth(1);
  await chip.click();
  await settle(page);
  const { controls } = await look(page);
  const name = await chip.getAttribute("data-expression");
  await visitor.takePicture(page, "desktop");
  await page.close();
  return {
    at_rest: atRest,
    moved,
    exact: { controls: moved.controls, pixels },
    expression: { name, controls },
  };
}

async function watchIdle() {
  const page = await visitor.open(BACKEND, { viewport: PHONE, colorScheme: "dark" });
  const earlier = await page.evaluate(() => window.anchor.drawn());
  await page.waitForFunction(() =>
    /frames\/s/.test(document.querySelector("#rate").textContent),
  );
  await page.waitForTimeout(2000);
  const later = await page.evaluate(() => window.anchor.drawn());
  const corner = await page.textContent("#rate");
  await page.click("#rate");
  const latency = await page.textContent("#rate");
  const stats = await page.evaluate(() => window.anchor.stats());
  await visitor.takePicture(page, "phone");
  await page.close();
  const idleMoves = Object.keys(later).filter((name) => later[name] !== earlier[name]);
  return { idle_moves: idleMoves, corner, latency, stats };
}

async function missAnchor() {
  const page = await visitor.browser.newPage({
    viewport: DESKTOP,
    // What it fetches is not to be intercepted.
    serviceWorkers: "block",
  });
  await page.route("**/anchor/anchor.json", (route) => route.fulfill({ status: 404 }));
  await page.goto(`${address}?${BACKEND}`);
  await page.waitForSelector("body[data-state=failed]");
  await visitor.takePicture(page, "failure");
  const ways = await page.locator("#failure :is(a, button)").allTextContents();
  return { failure: await page.textContent("#failure"), ways };
}

try {
  const seen = { ...(await useControls()), ...(await watchIdle()) };
  const { errors } = visitor;
  console.log(JSON.stringify({ ...seen, ...(await missAnchor()), errors }));
} finally {
  await visitor.browser.close();
}
