/**
 * Measures the page and prints figures, as JSON; `benchmarks/page.py` asks for them.
 *
 *   node e2e/measure.mjs CHROMIUM ADDRESS TASK [OPTIONS as JSON]
 */

import { readFileSync } from "node:fs";
import { Visitor } from "./visiting.mjs";

const [executablePath, address, task, given = "{}"] = process.argv.slice(2);
const options = JSON.parse(given);
const SETTLING = 2000;
const SECOND = 1000;
const [SPEAKING, SPOKEN] = [/Speaking/, /Spoken/];

/** Frames a second and milliseconds from control to pixel, of an anchor at idle. */
async function speed({ backends, seconds, rounds }) {
  const rows = [];
  for (let round = 0; round < rounds; round++) {
    for (const backend of backends) {
      const page = await visitor.open(`backend=${backend}`);
      await page.waitForTimeout(SETTLING);
      rows.push({ backend, ...(await count(page, seconds)) });
      await page.close();
    }
  }
  return rows;
}

/** With the face tracker on, watching a film. */
async function tracking({ backend, seconds }) {
  const page = await visitor.open(`backend=${backend}&camera=1`, {
    permissions: ["camera"],
  });
  await page.waitForFunction(() => document.querySelector("video")?.currentTime > 0);
  await page.waitForTimeout(4 * SETTLING);
  const row = await count(page, seconds);
  await page.close();
  return row;
}

async function count(page, seconds) {
  const rates = [];
  for (let second = 0; second < seconds; second++) {
    await page.waitForTimeout(SECOND);
    rates.push((await page.evaluate(() => window.anchor.stats())).fps);
  }
  const stats = await page.evaluate(() => window.anchor.stats());
  const where = await page.textContent("#rate");
  rates.sort((a, b) => a - b);
  return { ...stats, fps: rates[Math.floor(rates.length / 2)], where };
}

/** What a first visit costs: bytes on the wire and milliseconds to the first frame. */
async function load({ query, rounds }) {
  const rows = [];
  for (let round = 0; round < rounds; round++) {
    const page = await visitor.openBlank();
    const sizes = [];
    page.context().on("requestfinished", (request) => {
      const entry = { url: request.url(), bytes: 0 };
      sizes.push(entry);
      request.sizes().then(
        ({ responseBodySize }) => {
          entry.bytes = responseBodySize;
        },
        () => {},
      );
    });
    const start = performance.now();
    await page.goto(`${visitor.address}?${query}`);
    await visitor.wait(page);
    const milliseconds = await page.evaluate(() => window.anchor.stats().firstFrame);
    const outside = performance.now() - start;
    await page.waitForTimeout(SETTLING);
    rows.push({ milliseconds, outside, sizes });
    await page.close();
  }
  return rows;
}

/** Heap and dropped frames, minute by minute. */
async function memory({ query, minutes }) {
  const page = await visitor.open(query);
  const client = await page.context().newCDPSession(page);
  const rows = [];
  for (let minute = 0; minute <= minutes; minute++) {
    await client.send("HeapProfiler.collectGarbage");
    const stats = await page.evaluate(() => window.anchor.stats());
    const tensors = await page.evaluate(() => window.anchor.numTensors());
    rows.push({ minute, tensors, ...stats });
    if (minute < minutes) await page.waitForTimeout(60 * SECOND);
  }
  return rows;
}

/** Pixels that every backend makes of given controls. */
async function pixels({ backends, controls }) {
  const rows = JSON.parse(readFileSync(controls, "utf8"));
  const drawn = {};
  for (const backend of backends) {
    const page = await visitor.open(`idle=0&backend=${backend}`);
    drawn[backend] = [];
    for (const values of rows) {
      const bytes = await page.evaluate(async (values) => {
        const pixels = await window.anchor.render(values);
        let text = "";
        for (const value of pixels) text += String.fromCharCode(value);
        return btoa(text);
      }, values);
      drawn[backend].push(bytes);
    }
    await page.close();
  }
  return drawn;
}

/** A film that the page makes of itself while it speaks. */
async function film({ text, path, times }) {
  const page = await visitor.open("");
  await page.fill("#text", text);
  for (let time = 0; time < times; time++) {
    await page.click("#speak");
    await visitor.notice(page, SPEAKING);
    await visitor.notice(page, SPOKEN);
  }
  await visitor.showTab(page, "record");
  await page.click("#record");
  await visitor.notice(page, /Recording/);
  await visitor.showTab(page, "speak");
  await page.click("#speak");
  await visitor.notice(page, SPEAKING);
  await visitor.notice(page, SPOKEN);
  await page.waitForTimeout(SECOND);
  await visitor.showTab(page, "record");
  const arriving = page.waitForEvent("download");
  await page.click("#record");
  await (await arriving).saveAs(path);
  const firstSounds = await page.evaluate(() =>
    performance.getEntriesByName("first sound").map(({ duration }) => duration),
  );
  await page.close();
  return { firstSounds };
}

const TASKS = { speed, tracking, load, memory, pixels, film };
const visitor = await Visitor.start(executablePath, address, null, options.args ?? []);
try {
  console.log(JSON.stringify(await TASKS[task](options)));
} finally {
  await visitor.browser.close();
}
