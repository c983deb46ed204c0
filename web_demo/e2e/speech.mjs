/**
 * Speaks on the page of `e2e/speech` and prints what was heard and shown, as JSON.
 *
 *   node e2e/speech.mjs CHROMIUM ADDRESS SENTENCES
 *
 * SENTENCES is JSON, `[[voice, text], ...]`. `tests/browser` compares with Python.
 */

import { chromium } from "playwright-core";

const [executablePath, address, sentences] = process.argv.slice(2);
const args = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // As browsers with a window have it.
  "--autoplay-policy=document-user-activation-required",
];
const NUM_TIMES = 10;
const SHORT = "Good evening from the studio.";
const RECORDED = "Good evening. My father bought a big apple, and papa baked a pie.";
const MIXED = "Welcome to 北京, it is 2024.";
// For the first frame on a busy machine.
const timeout = 60_000;

const browser = await chromium.launch({ executablePath, args });
const errors = [];

async function open(prepare = async () => {}) {
  const page = await browser.newPage();
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await prepare(page);
  await page.goto(address);
  await page.waitForSelector("body[data-state=ready]", { timeout });
  return page;
}

async function makeAudible(page) {
  await page.click("button");
  await page.waitForSelector("body[data-state=audible]", { timeout });
}

/** The sentence that a call fails with. */
async function fail(promise) {
  const error = await promise.then(
    () => new Error("It did not fail."),
    (error) => error,
  );
  return error.message.replace(/^page\.evaluate: Error: /, "").split("\n")[0];
}

/** What a page says that speaks by itself; whatever we evaluate counts as a touch. */
async function stayUntouched() {
  const page = await browser.newPage();
  await page.addInitScript((text) => {
    addEventListener("load", async function speak() {
      while (!window.speech) await new Promise((resolve) => setTimeout(resolve, 20));
      const said = await window.speech.time("espeak", text).catch(String);
      console.log("Said:", said);
    });
  }, SHORT);
  const isTold = (message) => message.text().startsWith("Said:");
  const told = page.waitForEvent("console", { predicate: isTold, timeout });
  await page.goto(address);
  return (await told).text();
}

async function measure(page) {
  const time = (engine) =>
    page.evaluate(
      ([engine, text]) => window.speech.time(engine, text),
      [engine, SHORT],
    );
  const times = { espeak_cold: [], espeak_warm: [], server: [] };
  for (let index = 0; index < NUM_TIMES; index++) {
    await page.evaluate(() => window.speech.forget());
    times.espeak_cold.push(await time("espeak"));
    times.espeak_warm.push(await time("espeak"));
    times.server.push(await time("server"));
  }
  return times;
}

async function speak(page) {
  const spoken = [];
  for (const [voice, text] of JSON.parse(sentences)) {
    spoken.push(
      await page.evaluate(
        ([voice, text]) => window.speech.read("espeak", text, { voice }),
        [voice, text],
      ),
    );
  }
  return spoken;
}

async function refuse(page) {
  const read = (engine, text, options) =>
    fail(
      page.evaluate(
        (call) => window.speech.read(...call),
        [engine, text, options ?? {}],
      ),
    );
  return {
    nothing: await read("espeak", " … "),
    thai: await read("espeak", "สวัสดี"),
    voice: await read("espeak", SHORT, { voice: "klingon" }),
    engine: await read("phone", SHORT),
    browser: await read("browser", SHORT),
    mood: await read("server", SHORT, { mood: "furious-ish" }),
  };
}

async function lack() {
  const page = await open((page) =>
    page.route("**/espeak/*", (route) => route.fulfill({ status: 404 })),
  );
  const said = await fail(
    page.evaluate((text) => window.speech.read("espeak", text), SHORT),
  );
  errors.length = 0;
  const broken = await open((page) =>
    page.route("**/espeak-ng.data", (route) => route.fulfill({ status: 404 })),
  );
  const half = await fail(
    broken.evaluate((text) => window.speech.read("espeak", text), SHORT),
  );
  errors.length = 0;
  return { missing: said, broken: half };
}

try {
  const untouched = await stayUntouched();
  const lacking = await lack();
  const page = await open();
  await makeAudible(page);
  const call = (name, ...rest) =>
    page.evaluate(([name, rest]) => window.speech[name](...rest), [name, rest]);
  const result = {
    untouched,
    lacking,
    voices: await call("voices"),
    times: await measure(page),
    espeak: await speak(page),
    rehearsed: {
      recorded: await call("rehearse", "espeak", RECORDED),
      server: await call("rehearse", "server", SHORT),
    },
    recorded: await call("record", "espeak", RECORDED),
    mixed: await call("record", "espeak", MIXED),
    stopped: await call("record", "espeak", RECORDED, 1.5),
    interrupted: await call("interrupt", "espeak", RECORDED, SHORT),
    num_ahead: await call("count", "espeak", `${SHORT} `.repeat(1000), 2),
    served: await call("read", "server", RECORDED),
    server: await call("record", "server", SHORT),
    errors: [...errors],
    refused: await refuse(page),
  };
  console.log(JSON.stringify(result));
} finally {
  await browser.close();
}
