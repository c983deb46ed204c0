/** Runs in the page, ahead of its own script, and tells `e2e/firefox.mjs` what it saw. */

const TIMEOUT = 60_000;
const FILM_MILLISECONDS = 500;
const SENTENCE = "Good evening. Papa has a big apple.";
const errors = [];

const complain = (...words) => errors.push(words.map(String).join(" "));
Object.assign(console, { error: complain, warn: complain });
addEventListener("error", ({ message }) => complain(message));
addEventListener("unhandledrejection", ({ reason }) => complain(reason));
document.addEventListener(
  "securitypolicyviolation",
  ({ violatedDirective, blockedURI }) => complain(violatedDirective, blockedURI),
);

const find = (selector) => document.querySelector(selector);
const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

async function until(what, isTrue) {
  const end = performance.now() + TIMEOUT;
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`${what} was waited for in vain.`);
    await pause(20);
  }
}

/** What the canvas shows. */
function look() {
  const canvas = find("#canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext("2d");
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  return {
    controls: window.anchor.drawn(),
    pixels: new Uint8Array(data.buffer).toBase64(),
  };
}

async function settle() {
  await until("A settled face", () => window.anchor.isSettled());
  return look();
}

async function useFace() {
  find("#tab-face").click();
  const atRest = await settle();
  const slider = find("#sheet-face details[open] input[type=range]");
  slider.value = slider.max;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const moved = await settle();
  document.querySelectorAll("[data-expression]")[1].click();
  return { at_rest: atRest, moved, expression: await settle() };
}

/** How far the jaw opens meanwhile, and what the notice says in the end. */
async function speak() {
  find("#tab-speak").click();
  const text = find("#text");
  text.value = SENTENCE;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  find("#speak").click();
  const notice = find("#notice");
  const jaws = [];
  await until("The end of a sentence", () => {
    jaws.push(window.anchor.drawn().jawOpen);
    return /Spoken/.test(notice.textContent) || notice.matches(".wrong");
  });
  return { jaws, notice: notice.textContent };
}

/** A film of what is said, which Firefox would ask where to save. */
async function film() {
  const { createObjectURL } = URL;
  const saving = new Promise((resolve) => {
    URL.createObjectURL = (blob) => {
      URL.createObjectURL = createObjectURL;
      resolve(blob);
      return "#film";
    };
  });
  find("#tab-record").click();
  const note = find("#sheet-record").textContent;
  find("#record").click();
  await until("A recording", () => !find("#timer").hidden);
  const start = performance.now();
  const notice = find("#notice").textContent;
  const spoken = await speak();
  await pause(FILM_MILLISECONDS);
  find("#record").click();
  const seconds = (performance.now() - start) / 1000;
  const bytes = new Uint8Array(await (await saving).arrayBuffer());
  return { spoken, film: { note, notice, seconds, bytes: bytes.toBase64() } };
}

async function visit() {
  await until("A first frame", () => document.body.dataset.state !== "loading");
  const rate = find("#rate").textContent;
  return { rate, face: await useFace(), ...(await film()) };
}

addEventListener("DOMContentLoaded", async () => {
  const seen = await visit().catch((error) => ({ failure: String(error) }));
  const told = { ...seen, failed: find("#failure").textContent, errors };
  await fetch("told", { method: "POST", body: JSON.stringify(told) });
});
