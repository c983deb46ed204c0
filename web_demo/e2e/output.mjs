/**
 * Records, takes a picture and copies a performance; prints what came of it, as JSON.
 *
 *   node e2e/output.mjs CHROMIUM ADDRESS FOLDER SOUND.wav
 *
 * Files go to the folder; `tests/browser` looks into them.
 */

import { readFileSync } from "node:fs";
import { Visitor } from "./visiting.mjs";

const [executablePath, address, folder, sound] = process.argv.slice(2);
const BACKEND = "backend=tfjs-wasm";
const RECORDED_MILLISECONDS = 2500;
const visitor = await Visitor.start(executablePath, address);

async function keep(page, name, action) {
  const arriving = page.waitForEvent("download");
  await action();
  const download = await arriving;
  const path = `${folder}/${name}`;
  await download.saveAs(path);
  return { path, suggested: download.suggestedFilename() };
}

/** A film over nothing, with a sound file in it. */
async function record() {
  const page = await visitor.open(`background=transparent&${BACKEND}`);
  await visitor.showTab(page, "record");
  const note = await page.textContent("#sheet-record");
  await page.click("#record");
  await visitor.notice(page, /Recording/);
  await visitor.drop(page, "tone.wav", readFileSync(sound));
  await visitor.notice(page, /Playing/);
  await page.waitForTimeout(RECORDED_MILLISECONDS);
  const timer = await page.textContent("#timer");
  const film = await keep(page, "film.webm", () => page.click("#record"));
  const picture = await keep(page, "marked.png", () => page.click("#screenshot"));
  await page.locator("#sheet-record input[role=switch]").uncheck();
  const bare = await keep(page, "bare.png", () => page.click("#screenshot"));
  await page.close();
  return { film, timer, note, picture, bare };
}

async function copyPerformance() {
  const page = await visitor.open(BACKEND, {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  await page.waitForTimeout(1500);
  await visitor.showTab(page, "record");
  await page.fill("#sheet-record input[type=number]", "1");
  await page.click("#copy");
  await visitor.notice(page, /Copied/);
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  await page.close();
  return { csv };
}

/** Every kind of file, and those that are of none. */
async function dropFiles(csv) {
  const page = await visitor.open(`idle=0&${BACKEND}`);
  await visitor.drop(page, "news.txt", "Rain tomorrow. 明天有雨。");
  await visitor.notice(page, /text box/);
  const text = await page.inputValue("#text");
  await visitor.drop(page, "take.csv", csv);
  await page.waitForFunction(() => !window.anchor.isSettled());
  await page.waitForFunction(() => window.anchor.isSettled());
  const wrong = [];
  for (const [name, content] of [
    ["noise.bin", Buffer.from([0, 1, 2, 255])],
    ["talk.wav", "PK\x03\x04"],
    ["take.csv", "jaw,headYaw\n0.5,0.1\n"],
    ["adam.zip", "PK\x03\x04 cut off"],
  ]) {
    await visitor.drop(page, name, content);
    await page.waitForSelector("#notice.wrong");
    wrong.push(await page.textContent("#notice"));
    await page.keyboard.press("Escape");
    await page.evaluate(() =>
      document.querySelector("#notice").classList.remove("wrong"),
    );
  }
  const isThere = await page.isVisible("#canvas");
  await page.close();
  return { text, wrong, is_there: isThere };
}

try {
  const recorded = await record();
  const copied = await copyPerformance();
  const dropped = await dropFiles(copied.csv);
  const { errors } = visitor;
  console.log(JSON.stringify({ ...recorded, ...copied, ...dropped, errors }));
} finally {
  await visitor.browser.close();
}
