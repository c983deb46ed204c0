/** The page: puts an anchor on stage and lets the viewer move it. */

import "./style/base.css";
import "./style/stage.css";
import "./style/cover.css";
import "./style/panel.css";
import "./style/form.css";
import "./style/devices.css";
import "./style/slider.css";
import "./style/scenes.css";
import "./style/narrow.css";
import { BACKENDS } from "../rendering/backends";
import { load } from "../virtual_anchor";
import { build, find } from "./elements";
import { complain, fail, notify, showProgress } from "./notices";
import { keepOffline, takeControl } from "./offline";
import { addressWith, readOptions } from "./options";
import { showPoster } from "./poster";
import { openStudio, type Studio } from "./studio";
import { offerTesting } from "./testing";
import { currentLanguage, onLanguage, say, startWords, switchLanguage } from "./words";

const FOLDER = "anchor";
const ASSETS = "./";
const options = readOptions(location.search);
let studio: Studio | null = null;

/** Loads an anchor onto a canvas of its own, beside the one that is on stage. */
async function show(source: string | File, canvas: HTMLCanvasElement) {
  const anchor = await load(source, {
    canvas,
    assets: ASSETS,
    backend: options.backend,
    idle: options.idle,
    onProgress: (share) => showProgress(say("loading"), share),
    onError: complain,
  });
  const typed = studio?.typed;
  await studio?.close();
  const shown = find("canvas");
  if (shown !== canvas) shown.replaceWith(canvas);
  studio = openStudio(anchor, options, ASSETS, takeAnchor);
  if (typed) studio.take(typed);
  offerTesting(studio);
  onLanguage(() => find("backends").replaceChildren(...linkBackends()));
  const { name } = anchor.info;
  find("name").textContent = name;
  document.title = `${name} · keras-anchor`;
}

/** Puts a dropped anchor on stage; the one that is there stays until it is ready. */
async function takeAnchor(file: File) {
  notify("loading_anchor", { name: file.name });
  await show(file, buildCanvas());
  notify("anchor_taken", { name: file.name });
}

function buildCanvas(): HTMLCanvasElement {
  const old = find<HTMLCanvasElement>("canvas");
  return old.cloneNode() as HTMLCanvasElement;
}

async function main() {
  startWords(options.language);
  document.body.dataset.obs = String(options.obs);
  find("mark").hidden = !options.mark;
  find("language").addEventListener("click", () => {
    switchLanguage(currentLanguage() === "en" ? "zh" : "en");
  });
  showProgress(say("waking"), 0);
  showPoster(FOLDER);
  await takeControl();
  await show(FOLDER, find("canvas"));
  document.body.dataset.state = "ready";
  keepOffline();
}

/** Links to this page with other ways to render. */
function linkBackends(): (Node | string)[] {
  const others = Object.keys(BACKENDS).filter((name) => name !== options.backend);
  const links = others.map((name) => {
    const link = build("a", "", name);
    link.href = addressWith(location.href, "backend", name);
    return link;
  });
  return [say("other_ways"), ...links.flatMap((link) => [" ", link])];
}

main().catch((error) => fail(error, linkBackends));
