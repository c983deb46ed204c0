/**
 * Speaks on the page of `e2e/speech` and prints what was heard and shown, as JSON.
 *
 *   node e2e/speech.mjs CHROMIUM ADDRESS SENTENCES
 *
 * SENTENCES is JSON, `[[voice, text], ...]`. `tests/browser` compares with Python.
 */

import { Visitor } from "./visiting.mjs";

const [executablePath, address, sentences] = process.argv.slice(2);
// As browsers with a window have it.
const AUTOPLAY = "--autoplay-policy=document-user-activation-required";
const NUM_TIMES = 3;
const SHORT = "Good evening from the studio.";
const RECORDED = "Good evening. My father bought a big apple, and papa baked a pie.";
const MIXED = "Welcome to 北京, it is 2024.";
const visitor = await Visitor.start(executablePath, address, null, [AUTOPLAY]);

async function makeAudible(page) {
  await page.click("button");
  await page.waitForSelector("body[data-state=audible]");
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
  const page = await visitor.openBlank();
  await page.addInitScript((text) => {
    addEventListener("load", async function speak() {
      while (!window.speech) await new Promise((resolve) => setTimeout(resolve, 20));
      const said = await window.speech.time("espeak", text).catch(String);
      console.log("Said:", said);
    });
  }, SHORT);
  const isTold = (message) => message.text().startsWith("Said:");
  const told = page.waitForEvent("console", isTold);
  await page.goto(visitor.address);
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

/** What is said where a part of the add-on is not there. */
async function lack(part) {
  const page = await visitor.openBlank();
  await page.route(part, (route) => route.fulfill({ status: 404 }));
  await page.goto(visitor.address);
  await visitor.wait(page);
  return fail(page.evaluate((text) => window.speech.read("espeak", text), SHORT));
}

try {
  const untouched = await stayUntouched();
  const lacking = await visitor.forgive(async () => ({
    missing: await lack("**/espeak/*"),
    broken: await lack("**/espeak-ng.data"),
  }));
  const page = await visitor.open();
  await makeAudible(page);
  const call = (name, ...rest) =>
    page.evaluate(([name, rest]) => window.speech[name](...rest), [name, rest]);
  const result = {
    untouched,
    lacking,
    voices: await call("voices"),
    times: await measure(page),
    espeak: await speak(page),
    recorded: await call("record", "espeak", RECORDED),
    mixed: await call("record", "espeak", MIXED),
    stopped: await call("record", "espeak", RECORDED, 1.5),
    interrupted: await call("interrupt", "espeak", RECORDED, SHORT),
    num_ahead: await call("count", "espeak", `${SHORT} `.repeat(1000), 2),
    served: await call("read", "server", RECORDED),
    server: await call("record", "server", SHORT),
    errors: [...visitor.errors],
    refused: await refuse(page),
  };
  console.log(JSON.stringify(result));
} finally {
  await visitor.browser.close();
}
