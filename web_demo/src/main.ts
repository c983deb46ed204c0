/** The page: loads an anchor and lets the viewer move it. */

import "./style/base.css";
import "./style/stage.css";
import "./style/panel.css";
import "./style/slider.css";
import "./style/narrow.css";
import * as tf from "@tensorflow/tfjs-core";
import { type Anchor, loadAnchor } from "./anchor";
import { startBackend } from "./backends";
import { buildBackgrounds } from "./backgrounds";
import { Canvas } from "./canvas";
import { loadControls, type Values } from "./controls";
import { Idle, loadIdle } from "./drivers/idle";
import { find } from "./elements";
import { Generator } from "./generator";
import { buildPanel } from "./panel";
import { Player } from "./player";

const FOLDER = "anchor";
const IDLE_URL = "idle.json";

declare global {
  interface Window {
    /** What a test or the console may use. */
    anchor: {
      /** Renders exactly these controls; RGBA with straight alpha. */
      render(values: Values): Promise<Uint8ClampedArray>;
      /** What the canvas shows. */
      drawn(): Values;
      /** Whether the canvas shows what the sliders ask for. */
      isSettled(): boolean;
      numTensors(): number;
    };
  }
}

async function main() {
  const options = new URLSearchParams(location.search);
  showProgress("Waking the device …", 0);
  const backend = await startBackend(options.get("backend"));
  const [anchor, schema] = await Promise.all([
    loadAnchor(FOLDER),
    loadControls(FOLDER),
  ]);
  describe(anchor);
  const generator = await Generator.load(FOLDER, anchor, (share) => {
    showProgress(`Loading ${anchor.name} …`, share);
  });
  const canvas = new Canvas(find("canvas"), anchor.size);
  const player = new Player(schema.controls, anchor, generator, canvas, fail);
  // The first frame compiles shaders and allocates memory.
  await player.render(player.wanted);

  async function switchIdle(isOn: boolean) {
    player.idle = isOn ? new Idle(await loadIdle(IDLE_URL), schema.controls) : null;
  }

  const idle = find<HTMLInputElement>("idle");
  idle.checked = options.get("idle") !== "0";
  idle.addEventListener("change", () => switchIdle(idle.checked).catch(fail));
  await switchIdle(idle.checked);
  buildPanel(schema, player.wanted, find("expressions"), find("groups"));
  if (anchor.alpha) buildBackgrounds(find("stage"), find("backgrounds"));
  setInterval(() => {
    const rate = player.fps ? `${player.fps} fps` : "at rest";
    find("rate").textContent = `${rate} · ${backend}`;
  }, 500);
  window.anchor = {
    render: (values) => player.render(values),
    drawn: () => player.drawn,
    isSettled: () => player.isSettled,
    numTensors: () => tf.memory().numTensors,
  };
  player.start();
  document.body.dataset.state = "ready";
}

function describe(anchor: Anchor) {
  find("name").textContent = anchor.name;
  find("synthetic").hidden = !anchor.synthetic;
  document.title = `${anchor.name} · keras-anchor`;
}

function showProgress(text: string, share: number) {
  find("progress-text").textContent = text;
  find<HTMLProgressElement>("progress").value = share;
}

function fail(error: unknown) {
  document.body.dataset.state = "failed";
  find("failure").textContent = error instanceof Error ? error.message : String(error);
  console.error(error);
}

main().catch(fail);
