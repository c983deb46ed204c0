/**
 * Renders by every way there is, and where something is missing; prints JSON.
 *
 *   node e2e/rendering.mjs CHROMIUM ADDRESS BACKENDS, with commas between
 */

import { Visitor } from "./visiting.mjs";

const [executablePath, address, backends] = process.argv.slice(2);
const NUM_FRAMES = 5;
const visitor = await Visitor.start(executablePath, address, null);

/** Live tensors before and after some frames. */
async function count(backend) {
  const page = await visitor.open(`idle=0&backend=${backend}`);
  const label = await page.textContent("#rate");
  const numTensors = () => page.evaluate(() => window.anchor.numTensors());
  const before = await numTensors();
  await page.evaluate(async (number) => {
    const values = window.anchor.drawn();
    for (let frame = 0; frame < number; frame++) await window.anchor.render(values);
  }, NUM_FRAMES);
  const after = await numTensors();
  await page.close();
  return { label, tensors: [before, after] };
}

/** A browser that knows no vectors in WebAssembly. */
async function missSimd() {
  const page = await visitor.openBlank();
  await page.addInitScript(() => {
    const validate = WebAssembly.validate.bind(WebAssembly);
    // The page's own question; TF.js asks for itself.
    WebAssembly.validate = (bytes) => bytes.length !== 31 && validate(bytes);
  });
  await page.goto(visitor.address);
  await visitor.wait(page);
  const label = await page.textContent("#rate");
  await page.close();
  return label;
}

/** A GPU that is slow: what is measured to be faster is taken, and known next time. */
async function pretendGpu() {
  const page = await visitor.openBlank();
  await page.addInitScript(() => {
    const { getParameter } = WebGL2RenderingContext.prototype;
    WebGL2RenderingContext.prototype.getParameter = function (name) {
      const value = getParameter.call(this, name);
      return typeof value === "string" && /swiftshader/i.test(value)
        ? "Slow 3D"
        : value;
    };
  });
  const labels = [];
  let workers = [];
  page.on("worker", (worker) => workers.push(worker.url()));
  for (let time = 0; time < 2; time++) {
    workers = [];
    await page.goto(`${visitor.address}?idle=0`);
    await visitor.wait(page);
    labels.push({ label: await page.textContent("#rate"), workers });
  }
  await page.close();
  return labels;
}

/** What the GPU held is taken away, as a driver does that starts anew. */
async function loseGpu() {
  const page = await visitor.openBlank();
  page.on("worker", (worker) => worker.evaluate(keepContext).catch(() => {}));
  await page.goto(`${visitor.address}?idle=0&backend=litert-webgl2`);
  await visitor.wait(page);
  const render = () =>
    page.evaluate(async () => [
      ...(await window.anchor.render(window.anchor.drawn())).slice(0, 40_000),
    ]);
  const before = await render();
  const [worker] = page.workers();
  const restarting = page.waitForEvent("worker");
  await worker.evaluate(() =>
    self.kept.getExtension("WEBGL_lose_context").loseContext(),
  );
  await restarting;
  const after = await render();
  await page.close();
  return { before, after };
}

/** Runs in a worker: keeps its context where the test finds it. */
function keepContext() {
  const { getContext } = OffscreenCanvas.prototype;
  OffscreenCanvas.prototype.getContext = function (kind, ...options) {
    const context = getContext.call(this, kind, ...options);
    if (kind === "webgl2") self.kept = context;
    return context;
  };
}

try {
  const counts = {};
  for (const backend of backends.split(",")) counts[backend] = await count(backend);
  const seen = { counts, plain: await missSimd(), lost: await loseGpu() };
  seen.measured = await pretendGpu();
  console.log(JSON.stringify({ ...seen, errors: visitor.errors }));
} finally {
  await visitor.browser.close();
}
