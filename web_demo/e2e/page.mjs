/**
 * Uses the page as a viewer would and prints what happened, as JSON.
 *
 *   node e2e/page.mjs CHROMIUM ADDRESS [FOLDER for pictures]
 *
 * `tests/browser` compares the pixels with Python's.
 */

import { chromium } from "playwright-core";

const [executablePath, address, pictures] = process.argv.slice(2);
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const args = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// For the first frame on a busy machine.
const timeout = 120_000;

const browser = await chromium.launch({ executablePath, args });
const errors = [];

async function open(query, options) {
  const page = await browser.newPage(options);
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(`${address}?${query}`);
  await page.waitForSelector("body[data-state=ready]", { timeout }).catch(async () => {
    throw new Error(`${await page.textContent("#failure")} ${errors}`);
  });
  return page;
}

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

async function look(page) {
  return page.evaluate(() => {
    const canvas = document.querySelector("canvas");
    const context = canvas.getContext("2d");
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return { controls: window.anchor.drawn(), pixels: [...data] };
  });
}

async function takePicture(page, name) {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
}

async function useControls() {
  const page = await open("idle=0&backend=wasm", { viewport: DESKTOP });
  const atRest = await look(page);
  await moveSlider(page, 0, 0.9);
  await moveSlider(page, 1, 0.6);
  const moved = await look(page);
  const numTensors = () => page.evaluate(() => window.anchor.numTensors());
  const before = await numTensors();
  const pixels = await page.evaluate(
    async (controls) => [...(await window.anchor.render(controls))],
    moved.controls,
  );
  const chip = page.locator("[data-expression]").nth(1);
  await chip.click();
  await settle(page);
  const { controls } = await look(page);
  await takePicture(page, "desktop");
  return {
    at_rest: atRest,
    moved,
    exact: { controls: moved.controls, pixels },
    expression: { name: await chip.getAttribute("data-expression"), controls },
    num_tensors: [before, await numTensors()],
  };
}

async function watchIdle() {
  const page = await open("backend=wasm", { viewport: PHONE, colorScheme: "dark" });
  const earlier = await page.evaluate(() => window.anchor.drawn());
  await page.waitForFunction(() =>
    /fps/.test(document.querySelector("#rate").textContent),
  );
  await page.waitForTimeout(2000);
  const later = await page.evaluate(() => window.anchor.drawn());
  const corner = await page.textContent("#rate");
  await takePicture(page, "phone");
  const idleMoves = Object.keys(later).filter((name) => later[name] !== earlier[name]);
  return { idle_moves: idleMoves, corner };
}

async function missAnchor() {
  const page = await browser.newPage({ viewport: DESKTOP });
  await page.route("**/anchor/anchor.json", (route) => route.fulfill({ status: 404 }));
  await page.goto(`${address}?backend=wasm`);
  await page.waitForSelector("body[data-state=failed]");
  await takePicture(page, "failure");
  return { failure: await page.textContent("#failure") };
}

try {
  const seen = { ...(await useControls()), ...(await watchIdle()) };
  console.log(JSON.stringify({ ...seen, ...(await missAnchor()), errors }));
} finally {
  await browser.close();
}
