/** An anchor on stage, and everything on the page that moves it. */

import type { VirtualAnchor } from "../virtual_anchor";
import { buildBackgrounds } from "./backgrounds";
import { showConsent } from "./consent";
import { startCorner } from "./corner";
import { startDropping } from "./dropping";
import { find } from "./elements";
import { buildEmotes } from "./emotes";
import { buildFace } from "./face";
import { History } from "./history";
import { startKeys } from "./keys";
import { buildListening } from "./listening";
import { buildMirroring } from "./mirroring";
import { notify } from "./notices";
import type { Options } from "./options";
import { buildRecording } from "./recording";
import { Scene } from "./scene";
import { buildSpeaking } from "./speaking";
import { Tabs } from "./tabs";
import { forgetListeners } from "./words";

export interface Studio {
  readonly anchor: VirtualAnchor;
  /** What the sliders ask for. */
  readonly wanted: Readonly<Record<string, number>>;
  /** What is in the text box, for whoever comes next. */
  readonly typed: string;
  take(text: string): void;
  /** Takes the anchor and its controls off the page. */
  close(): Promise<void>;
}

export function openStudio(
  anchor: VirtualAnchor,
  options: Options,
  assets: string,
  onAnchor: (file: File) => Promise<void>,
): Studio {
  const ending = new AbortController();
  const { signal } = ending;
  const scene = new Scene();
  const history = keepHistory(anchor, signal);
  const speaking = buildSpeaking(anchor, assets, () => listening.silence());
  const mirroring = buildMirroring(anchor, assets);
  const listening = buildListening(anchor, assets);
  const face = buildFace(anchor);
  const backgrounds = buildBackgrounds(scene, anchor.info.alpha, backgroundOf(options));
  const recording = buildRecording(anchor, scene, history);
  const sheets = [
    { name: "speak", element: speaking.element },
    { name: "mirror", element: mirroring.element },
    { name: "listen", element: listening.element },
    { name: "face", element: face.element },
    { name: "scene", element: backgrounds.element },
    { name: "record", element: recording.element },
  ] as const;
  find("sheets").replaceChildren(...sheets.map(({ element }) => element));
  const tabs = new Tabs(find("tabs"), sheets);
  const emotes = buildEmotes(anchor, find("emotes"));
  showConsent(anchor.info);
  startCorner(anchor, signal);
  startDropping(
    {
      anchor: onAnchor,
      performance: async (file) => {
        listening.silence();
        notify("playing", { name: file.name });
        await anchor.play(await file.text());
      },
      picture: (file) => backgrounds.takePicture(file),
      sound: (file) => listening.play(file),
      script: async (file) => {
        speaking.take(await file.text());
        tabs.show("speak");
        notify("script_taken", { name: file.name });
      },
    },
    signal,
  );
  startKeys(
    [
      { key: " ", words: "keys_idle", press: () => face.switchIdle() },
      { key: "s", words: "keys_say", press: speaking.speak },
      { key: "escape", words: "keys_stop", press: hush },
      { key: "c", words: "keys_camera", press: mirroring.toggle },
      { key: "m", words: "keys_microphone", press: listening.toggle },
      { key: "r", words: "keys_record", press: recording.toggle },
      { key: "p", words: "keys_picture", press: recording.takePicture },
    ],
    emotes.press,
    signal,
  );

  function hush() {
    speaking.hush();
    listening.silence();
  }

  if (options.camera) mirroring.toggle();
  if (options.microphone) listening.toggle();

  return {
    anchor,
    wanted: face.wanted,
    get typed() {
      return speaking.typed;
    },
    take: speaking.take,
    async close() {
      ending.abort();
      await recording.end();
      mirroring.stop();
      listening.stop();
      listening.silence();
      scene.choose({ kind: "studio" });
      anchor.dispose();
      forgetListeners();
    },
  };
}

function backgroundOf({ background, obs }: Options): string | null {
  return background ?? (obs ? "transparent" : null);
}

/** Notes what is shown, as long as the anchor is. */
function keepHistory(anchor: VirtualAnchor, signal: AbortSignal): History {
  const history = new History();
  function note() {
    if (signal.aborted) return;
    history.note(performance.now() / 1000, anchor.drawn);
    requestAnimationFrame(note);
  }
  note();
  return history;
}
