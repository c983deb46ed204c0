/** A browser, and what every visit to the page needs. */

import { chromium } from "playwright-core";

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };
export const SMALL = { width: 360, height: 640 };
const ARGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
// For the first frame on a busy machine.
const TIMEOUT = 120_000;

export class Visitor {
  /** What the browser complained about. */
  errors = [];

  /** `pictures` is a folder for them; `args` are the browser's own. */
  static async start(executablePath, address, pictures = null, args = []) {
    const visitor = new Visitor();
    visitor.address = address;
    visitor.pictures = pictures;
    visitor.browser = await chromium.launch({
      executablePath,
      args: [...ARGS, ...args],
    });
    return visitor;
  }

  /** A page of a browser that has never been here, once the anchor is shown. */
  async open(query = "", options = {}) {
    const page = await this.openBlank(options);
    await page.goto(query ? `${this.address}?${query}` : this.address);
    await this.wait(page);
    return page;
  }

  async openBlank(options = {}) {
    const page = await this.browser.newPage({ viewport: DESKTOP, ...options });
    page.setDefaultTimeout(TIMEOUT);
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      this.errors.push(`${message.text()} ${message.location().url}`);
    });
    return page;
  }

  async wait(page) {
    const ready = page.waitForSelector("body[data-state=ready]", {
      // A page for tests alone may show nothing.
      state: "attached",
    });
    await ready.catch(async () => {
      const failure = await page.locator("#failure").allTextContents();
      throw new Error(`The page does not get ready: ${failure} ${this.errors}`);
    });
  }

  /** Does what is meant to fail, and forgets what the browser says of that. */
  async forgive(action) {
    const { length } = this.errors;
    const result = await action();
    this.errors.length = length;
    return result;
  }

  async takePicture(page, name) {
    if (this.pictures) await page.screenshot({ path: `${this.pictures}/${name}.png` });
  }

  async showTab(page, name) {
    await page.click(`#tab-${name}`);
    await page.waitForSelector(`#sheet-${name}:visible`);
  }

  /** Waits until the notice says something that matches. */
  async notice(page, pattern) {
    await page.waitForFunction(
      (source) =>
        new RegExp(source).test(document.querySelector("#notice").textContent),
      pattern.source,
    );
    return page.textContent("#notice");
  }

  /** Lets go of a file over the page. */
  async drop(page, name, content) {
    const transfer = await page.evaluateHandle(
      ({ name, content }) => {
        const transfer = new DataTransfer();
        const bytes = Uint8Array.from(content);
        transfer.items.add(new File([bytes], name));
        return transfer;
      },
      { name, content: [...Buffer.from(content)] },
    );
    await page.dispatchEvent("main", "dragover", { dataTransfer: transfer });
    await page.dispatchEvent("main", "drop", { dataTransfer: transfer });
  }
}
