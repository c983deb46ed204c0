/** The sheet Listen: the anchor's lips follow a microphone or a sound file. */

import type { Microphone } from "../hearing/microphone";
import type { SoundFile } from "../hearing/sound_file";
import type { VirtualAnchor } from "../virtual_anchor";
import {
  build,
  buildButton,
  buildFileButton,
  describe,
  setLabel,
  setWords,
  worded,
} from "./elements";
import type { Device } from "./mirroring";
import { attempt, complain, notify } from "./notices";

const PERIOD_MILLISECONDS = 80;

export interface Listening extends Device {
  /** Plays a sound file; what played before ends. */
  play(file: File): Promise<void>;
  /** Ends the sound file. */
  silence(): void;
}

export function buildListening(anchor: VirtualAnchor, assets: string): Listening {
  const button = buildButton("microphone_on", "primary");
  button.id = "microphone";
  const level = build("meter", "level");
  setLabel(level, "level");
  level.hidden = true;
  let microphone: Microphone | null = null;
  let remove = () => {};
  let sound: SoundFile | null = null;
  let removeSound = () => {};
  let timer: ReturnType<typeof setInterval> | undefined;

  async function start() {
    notify("microphone_starting");
    const { Microphone } = await import("../hearing/microphone");
    const starting = new Microphone({
      onError(error) {
        stop();
        complain(error);
      },
    });
    await starting.start(anchor.sound, assets);
    microphone = starting;
    remove = anchor.mixer.add(starting.source, "mouth");
    timer = setInterval(() => {
      level.value = starting.level;
    }, PERIOD_MILLISECONDS);
    show(true);
    notify("microphone_is_on");
  }

  function stop() {
    if (!microphone) return;
    clearInterval(timer);
    remove();
    microphone.stop();
    microphone = null;
    show(false);
  }

  function show(isOn: boolean) {
    setWords(button, isOn ? "microphone_off" : "microphone_on");
    level.hidden = !isOn;
  }

  function toggle() {
    if (!microphone) return void attempt(button, start);
    stop();
    notify("microphone_is_off");
  }

  async function play(file: File) {
    const { SoundFile } = await import("../hearing/sound_file");
    anchor.hush();
    silence();
    const playing = new SoundFile();
    const end = () => {
      if (sound === playing) silence();
    };
    await playing.start(file, {
      context: anchor.sound,
      destination: anchor.bus,
      assets,
      onEnd() {
        end();
        notify("played", { name: file.name });
      },
      onError(error) {
        end();
        complain(error);
      },
    });
    sound = playing;
    removeSound = anchor.mixer.add(playing.source, "mouth");
    notify("playing", { name: file.name });
  }

  function silence() {
    removeSound();
    sound?.stop();
    sound = null;
  }

  button.addEventListener("click", toggle);
  const files = buildFileButton(
    "choose_sound",
    "audio/*,video/mp4,video/webm",
    (file) => {
      attempt(files.button, () => play(file));
    },
  );
  const hush = buildButton("stop");
  hush.addEventListener("click", silence);
  show(false);
  const element = build("div", "");
  element.append(
    describe(button, "microphone_privacy"),
    build("div", "actions", button),
    level,
    worded("h2", "", "sound_title"),
    build("div", "actions", files.button, hush),
    files.input,
    describe(files.button, "sound_hint"),
  );
  return { element, toggle, stop, play, silence };
}
