/** The element `<virtual-anchor src="adam.anchor">`. */

import { openAnchor } from "./anchor_files";
import { load, type VirtualAnchor } from "./virtual_anchor";

const STYLE = `
:host { display: inline-block; position: relative; width: 256px; aspect-ratio: 1; }
:host([hidden]) { display: none; }
canvas, img { position: absolute; inset: 0; width: 100%; height: 100%;
  object-fit: contain; }
.mark { position: absolute; right: 4%; bottom: 4%; padding: 0.1em 0.5em;
  border-radius: 0.3em; background: #000b; color: #fff;
  font: 600 0.75rem/1.5 system-ui, sans-serif; }
.failure { position: absolute; inset: 0; margin: 0; padding: 1em; overflow: auto;
  box-sizing: border-box; background: #fff; color: #8b0000;
  font: 0.875rem/1.5 system-ui, sans-serif; }
:host([label="off"]) .mark { display: none; }
`;
const WORDS = {
  en: { mark: "Synthetic", describe: (name: string) => `${name}, a synthetic person` },
  zh: { mark: "合成", describe: (name: string) => `${name}，合成人物` },
};

/**
 * Shows an anchor for as long as it is part of a page.
 *
 * Attributes: `src`, the address of a folder or a zip; `backend` and `assets` as for
 * `load`; `idle="off"`; `label="off"` hides the mark.
 *
 * Events: `ready`, and `error`, an `ErrorEvent`.
 */
export class VirtualAnchorElement extends HTMLElement {
  static readonly observedAttributes = ["src", "backend", "assets", "idle"];

  /** What `load` returned; null until `ready`. */
  anchor: VirtualAnchor | null = null;
  private readonly root = this.attachShadow({ mode: "open" });
  private failure: Error | null = null;
  private loading: AbortController | null = null;
  /** The label that it gave itself; another one is the page's, and stays. */
  private told: string | null = null;

  /** Resolves when the anchor of the present `src` is shown. */
  get ready(): Promise<VirtualAnchor> {
    if (this.anchor) return Promise.resolve(this.anchor);
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve) => {
      const events = ["ready", "error"];
      const look = () => {
        for (const type of events) this.removeEventListener(type, look);
        resolve(this.ready);
      };
      for (const type of events) this.addEventListener(type, look);
    });
  }

  get src(): string {
    return this.getAttribute("src") ?? "";
  }

  set src(source: string) {
    this.setAttribute("src", source);
  }

  connectedCallback() {
    // The style of a page may allow no other.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.root.adoptedStyleSheets = [sheet];
    if (!this.hasAttribute("role")) this.setAttribute("role", "img");
    if (!this.loading) this.restart();
  }

  disconnectedCallback() {
    // An element that is moved is back by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.stop();
    });
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null) {
    if (before === after || !this.loading) return;
    if (name !== "idle") this.restart();
    else if (this.anchor) this.anchor.idle = this.isIdle;
  }

  private get isIdle(): boolean {
    return this.getAttribute("idle") !== "off";
  }

  private get words() {
    const closest = this.closest<HTMLElement>("[lang]")?.lang ?? navigator.language;
    return closest.startsWith("zh") ? WORDS.zh : WORDS.en;
  }

  private stop() {
    this.loading?.abort();
    this.loading = null;
    this.anchor?.dispose();
    this.anchor = null;
    this.failure = null;
    this.root.replaceChildren();
  }

  private restart() {
    this.stop();
    this.loading = new AbortController();
    if (this.src) void this.load(this.src, this.loading.signal);
  }

  private async load(source: string, signal: AbortSignal) {
    try {
      const files = await openAnchor(source);
      if (signal.aborted) return;
      const isGiven = this.getAttribute("aria-label") !== this.told;
      if (!isGiven) this.label(this.words.describe(files.info.name));
      // An OffscreenCanvas is for one renderer only.
      const canvas = document.createElement("canvas");
      const poster = new Image();
      poster.alt = "";
      this.root.replaceChildren(poster, canvas, this.buildMark());
      void this.showPoster(poster, files.read(files.info.poster));
      const anchor = await load(files, {
        canvas,
        assets: this.getAttribute("assets") ?? undefined,
        backend: this.getAttribute("backend"),
        idle: this.isIdle,
        onError: (error) => this.tell(error),
      });
      poster.remove();
      if (signal.aborted) anchor.dispose();
      else this.finish(anchor);
    } catch (error) {
      if (!signal.aborted) this.fail(error as Error);
    }
  }

  private finish(anchor: VirtualAnchor) {
    this.anchor = anchor;
    this.dispatchEvent(new Event("ready"));
  }

  private fail(error: Error) {
    const text = document.createElement("p");
    text.className = "failure";
    text.textContent = error.message;
    this.root.replaceChildren(text);
    // What is read aloud instead of a picture.
    this.label(error.message);
    this.failure = error;
    this.tell(error);
  }

  private label(text: string) {
    this.told = text;
    this.setAttribute("aria-label", text);
  }

  private tell(error: Error) {
    const { message } = error;
    this.dispatchEvent(new ErrorEvent("error", { error, message }));
  }

  private buildMark(): HTMLElement {
    const mark = document.createElement("span");
    mark.className = "mark";
    mark.textContent = this.words.mark;
    return mark;
  }

  private async showPoster(image: HTMLImageElement, bytes: Promise<BlobPart>) {
    // Without a poster nothing is shown until the first frame.
    const blob = await bytes.then((one) => new Blob([one])).catch(() => null);
    if (!blob || !image.isConnected) return;
    image.src = URL.createObjectURL(blob);
    await image.decode().catch(() => image.remove());
    URL.revokeObjectURL(image.src);
  }
}

/** Makes the element known to the page, by default as `<virtual-anchor>`. */
export function define(name = "virtual-anchor") {
  if (!customElements.get(name)) customElements.define(name, VirtualAnchorElement);
}

declare global {
  interface HTMLElementTagNameMap {
    "virtual-anchor": VirtualAnchorElement;
  }
}
