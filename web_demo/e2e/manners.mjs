/**
 * Visits the page with other senses, screens, tongues and networks; prints JSON.
 *
 *   node e2e/manners.mjs CHROMIUM ADDRESS FILE [FOLDER for pictures]
 *
 * FILE is the built index.html, which cannot run as a file.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { DESKTOP, PHONE, SMALL, Visitor } from "./visiting.mjs";

const [executablePath, address, file, pictures] = process.argv.slice(2);
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const axe = readFileSync(AXE, "utf8");
const TABS = ["speak", "mirror", "listen", "face", "scene", "record"];
const BACKEND = "backend=tfjs-wasm";
const visitor = await Visitor.start(executablePath, address, pictures);

/** What axe finds on every tab, in both schemes and languages. */
async function checkAccess() {
  const found = [];
  for (const colorScheme of ["light", "dark"]) {
    for (const language of ["en", "zh"]) {
      const page = await visitor.open(`idle=0&lang=${language}&${BACKEND}`, {
        viewport: colorScheme === "light" ? DESKTOP : PHONE,
        colorScheme,
        // Colours half way through a transition are nobody's.
        reducedMotion: "reduce",
        // Axe is no part of the page.
        bypassCSP: true,
      });
      await page.addScriptTag({ content: axe });
      for (const tab of TABS) {
        await visitor.showTab(page, tab);
        await visitor.takePicture(page, `${tab}-${colorScheme}-${language}`);
        found.push(...(await runAxe(page, `${tab} ${colorScheme} ${language}`)));
      }
      await page.click("#help");
      found.push(...(await runAxe(page, `keys ${colorScheme} ${language}`)));
      await visitor.takePicture(page, `keys-${colorScheme}-${language}`);
      await page.close();
    }
  }
  return { axe: found };
}

async function runAxe(page, place) {
  const violations = await page.evaluate(async () => {
    const tags = [
      "wcag2a",
      "wcag2aa",
      "wcag21a",
      "wcag21aa",
      "wcag22aa",
      "best-practice",
    ];
    const { violations } = await window.axe.run({ runOnly: tags });
    return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]);
  });
  return violations.map((violation) => [place, ...violation]);
}

/** Everything without a pointer. */
async function useKeys() {
  const page = await visitor.open(`idle=0&${BACKEND}`);
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.className);
  await page.focus("#tab-speak");
  await page.keyboard.press("ArrowRight");
  const second = await page.evaluate(() => document.activeElement.id);
  const isShown = await page.isVisible("#sheet-mirror");
  await page.keyboard.press("End");
  const last = await page.evaluate(() => document.activeElement.id);
  await page.keyboard.press("1");
  await page.waitForFunction(() => !window.anchor.isSettled());
  await page.waitForFunction(() => window.anchor.isSettled());
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Space");
  const idle = await visitor.notice(page, /on/);
  await page.keyboard.press("?");
  const keys = await page.textContent("#key-list");
  await page.keyboard.press("Escape");
  const isClosed = !(await page.isVisible("#keys"));
  await visitor.showTab(page, "speak");
  await page.fill("#text", "");
  await page.type("#text", "1 2 ? c");
  const typed = await page.inputValue("#text");
  await page.close();
  return { keys: { first, second, isShown, last, idle, keys, isClosed, typed } };
}

/** Boxes that are wider than the screen, or smaller than a finger. */
async function useSmallScreen() {
  const page = await visitor.open(`idle=0&${BACKEND}`, {
    viewport: SMALL,
    hasTouch: true,
    isMobile: true,
  });
  const found = {};
  for (const tab of TABS) {
    await visitor.showTab(page, tab);
    found[tab] = await page.evaluate(() => {
      const targets = document.querySelectorAll("button, input, select, summary, a");
      const small = [...targets].filter((target) => {
        const { width, height } = (
          target.closest("label") ?? target
        ).getBoundingClientRect();
        return target.checkVisibility() && width && Math.min(width, height) < 24;
      });
      return {
        width: document.documentElement.scrollWidth,
        small: small.map(({ outerHTML }) => outerHTML.slice(0, 80)),
      };
    });
    await visitor.takePicture(page, `small-${tab}`);
  }
  await page.close();
  return { small: found };
}

async function changeLanguage() {
  const page = await visitor.open(`idle=0&${BACKEND}`, { locale: "zh-CN" });
  const read = () =>
    page.evaluate(() => [
      document.documentElement.lang,
      document.querySelector("#tab-speak").textContent,
    ]);
  const first = await read();
  await page.click("#language");
  const second = await read();
  await page.reload();
  await visitor.wait(page);
  const third = await read();
  await page.close();
  return { languages: [first, second, third] };
}

/** What drivers and anchors have words for, too. */
async function readChinese() {
  const page = await visitor.open(`idle=0&lang=zh&${BACKEND}`);
  await visitor.showTab(page, "face");
  const labels = await page
    .locator(".slider > span")
    .evaluateAll((labels) =>
      labels.map(({ lang, textContent }) => [lang, textContent]),
    );
  const title = await page.locator(".slider").first().getAttribute("title");
  await visitor.showTab(page, "mirror");
  await page.click("#camera");
  const sentence = await visitor.notice(page, /摄像头.*。/);
  const language = await page.getAttribute("#notice", "lang");
  await visitor.takePicture(page, "refused-zh");
  await page.close();
  return { chinese: { labels, title, refused: [language, sentence] } };
}

/** What ended everything is said again in the language that is chosen then. */
async function fail() {
  const page = await visitor.openBlank();
  return visitor.forgive(async () => {
    await page.goto(`${address}?lang=zh&backend=cuda`);
    await page.waitForSelector("body[data-state=failed]");
    const first = await page.textContent("#failure");
    await visitor.takePicture(page, "failed-zh");
    await page.click("#language");
    const second = await page.textContent("#failure");
    await page.close();
    return { failed: [first, second] };
  });
}

async function watchObs() {
  const page = await visitor.open(`obs=1&idle=0&${BACKEND}`);
  const corner = async () => {
    const bytes = await page.screenshot({
      omitBackground: true,
      clip: { x: 2, y: 2, width: 1, height: 1 },
    });
    return page.evaluate(
      async (url) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        const context = document.createElement("canvas").getContext("2d");
        context.drawImage(image, 0, 0);
        return [...context.getImageData(0, 0, 1, 1).data];
      },
      `data:image/png;base64,${bytes.toString("base64")}`,
    );
  };
  const result = {
    corner: await corner(),
    isWhole: await page.evaluate(() => {
      const { bottom } = document.querySelector("#canvas").getBoundingClientRect();
      return bottom <= innerHeight;
    }),
    panel: await page.isVisible("#panel"),
    mark: await page.isVisible("#mark"),
  };
  await page.close();
  const bare = await visitor.open(`obs=1&mark=0&${BACKEND}`);
  const mark = await bare.isVisible("#mark");
  await bare.close();
  return { obs: { ...result, without: mark } };
}

/** Once loaded, the page needs nobody. */
async function goOffline() {
  const page = await visitor.open(`idle=0&${BACKEND}`);
  await page.waitForFunction(async () => {
    const isKept = (await caches.keys()).some((name) => / page \w+$/.test(name));
    return isKept && (await caches.match("./manifest.webmanifest"));
  });
  await page.context().setOffline(true);
  // Nobody answers: the browser says so where the page asked.
  const offline = await visitor.forgive(async () => {
    await page.reload();
    await visitor.wait(page);
    const isIsolated = await page.evaluate(() => crossOriginIsolated);
    return { name: await page.textContent("#name"), is_isolated: isIsolated };
  });
  await page.close();
  return { offline };
}

async function openFile() {
  const page = await visitor.browser.newPage();
  await page.goto(pathToFileURL(file).href);
  const sentence = await page.textContent("#file:visible");
  await page.close();
  return { file: sentence };
}

async function refuseCamera() {
  const page = await visitor.open(`idle=0&${BACKEND}`);
  await visitor.showTab(page, "mirror");
  await page.click("#camera");
  const sentence = await visitor.notice(page, /camera/i);
  const button = await page.textContent("#camera");
  await page.close();
  return { refused: { sentence, button } };
}

try {
  const results = [];
  for (const visit of [
    checkAccess,
    useKeys,
    useSmallScreen,
    changeLanguage,
    readChinese,
    fail,
    watchObs,
    goOffline,
    openFile,
    refuseCamera,
  ]) {
    results.push(await visit());
  }
  console.log(JSON.stringify(Object.assign({ errors: visitor.errors }, ...results)));
} finally {
  await visitor.browser.close();
}
