/** The sheet Mirror: the anchor copies the face that the camera sees. */

import type { VirtualAnchor } from "../virtual_anchor";
import type { Rest } from "../watching/calibration";
import type { State, Watcher } from "../watching/watcher";
import {
  build,
  buildButton,
  buildSwitch,
  describe,
  setLabel,
  setWords,
  worded,
} from "./elements";
import { attempt, complain, notify } from "./notices";
import type { Key } from "./words";

export interface Device {
  readonly element: HTMLElement;
  toggle(): void;
  stop(): void;
}

const STATES: Readonly<Record<State, Key | null>> = {
  off: null,
  starting: "camera_starting",
  searching: "no_face",
  calibrating: "calibrating",
  watching: "camera_is_on",
};

export function buildMirroring(anchor: VirtualAnchor, assets: string): Device {
  const button = buildButton("camera_on", "primary");
  button.id = "camera";
  const preview = build("div", "preview mirrored");
  const calibrate = buildButton("calibrate");
  calibrate.id = "calibrate";
  const state = build("p", "state");
  state.id = "camera-state";
  state.setAttribute("role", "status");
  const { element: sides, input: isMirror } = buildSwitch("mirror_sides");
  isMirror.checked = true;
  let watcher: Watcher | null = null;
  let remove = () => {};
  // A face at rest is kept while the page is open, and no longer.
  let rest: Rest | null = null;
  let isOn = false;

  async function start() {
    isOn = true;
    const { Watcher } = await import("../watching/watcher");
    // Turned off while the code arrived.
    if (!isOn) return;
    const { schema, info } = anchor;
    const starting = new Watcher(schema, {
      assets,
      ranges: info.ranges,
      rest,
      onState: show,
      onError(error) {
        stop();
        complain(error);
      },
    });
    watcher = starting;
    starting.isMirror = isMirror.checked;
    setLabel(starting.video, "camera_preview");
    preview.replaceChildren(starting.video);
    remove = anchor.mixer.add(starting.source, "person");
    try {
      await starting.start();
    } catch (error) {
      const wasStopped = !isOn;
      stop();
      if (!wasStopped) throw error;
    }
  }

  function stop() {
    isOn = false;
    remove();
    rest = watcher?.rest ?? rest;
    watcher?.stop();
    watcher = null;
    preview.replaceChildren();
    show("off");
  }

  function show(now: State) {
    const key = STATES[now];
    setWords(button, now === "off" ? "camera_on" : "camera_off");
    preview.hidden = now === "off" || now === "starting";
    calibrate.disabled = now === "off" || now === "starting";
    state.hidden = !key;
    if (key) setWords(state, key);
  }

  /** False where the camera went off meanwhile, which says so itself. */
  async function isCalibrated(): Promise<boolean> {
    try {
      await watcher?.calibrate();
    } catch (error) {
      if (isOn) throw error;
    }
    return isOn;
  }

  function toggle() {
    if (!isOn) return void attempt(button, start);
    stop();
    notify("camera_is_off");
  }

  button.addEventListener("click", toggle);
  isMirror.addEventListener("change", () => {
    preview.classList.toggle("mirrored", isMirror.checked);
    if (watcher) watcher.isMirror = isMirror.checked;
  });
  calibrate.addEventListener("click", () => {
    attempt(calibrate, async () => {
      if (await isCalibrated()) notify("calibrated");
    });
  });
  show("off");
  const element = build("div", "");
  element.append(
    describe(button, "camera_privacy"),
    build("div", "actions", button, calibrate),
    state,
    preview,
    sides,
    worded("p", "hint", "calibrate_hint"),
  );
  return { element, toggle, stop };
}
