/** The sheet Speak: what is typed is said. */

import { KINDS } from "../speech/cue_values";
import { moods } from "../speech/moods";
import type { Voice } from "../speech/voices";
import type { SpeakOptions, VirtualAnchor } from "../virtual_anchor";
import {
  build,
  buildButton,
  buildField,
  buildOption,
  describe,
  setWords,
} from "./elements";
import { spell } from "./groups";
import { attempt, complain, notify } from "./notices";
import { Complaint, type Key, onLanguage, say, sayOr } from "./words";

// A cue, a title or a comment.
const SCRIPT = new RegExp(
  `\\[(${Object.keys(KINDS).join("|")})\\b[^\\]]*\\]|^(#+ |//)`,
  "im",
);

export interface Speaking {
  readonly element: HTMLElement;
  /** Puts a script into the text box. */
  take(text: string): void;
  readonly typed: string;
  speak(): void;
  /** Stops whatever speaks or plays. */
  hush(): void;
}

// A server on this very machine is no stranger.
const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);

/** `onSpeak` hears of every speech before it is heard. */
export function buildSpeaking(
  anchor: VirtualAnchor,
  assets: string,
  onSpeak: () => void,
): Speaking {
  const text = build("textarea");
  text.id = "text";
  text.rows = 5;
  // Long scripts are spoken sentence by sentence.
  text.spellcheck = false;
  showSample(text);
  const voice = build("select");
  voice.id = "voice";
  const mood = buildMoods();
  const button = buildButton("speak", "primary");
  button.id = "speak";
  const stop = buildButton("stop");
  // Whoever speaks anew, or stops, ends what is being said.
  let numSpeeches = 0;
  const warning = build("p", "hint");
  const voices = new Voices(voice, anchor, assets);

  function speak() {
    attempt(button, async () => {
      if (!text.value.trim()) throw new Complaint("nothing_to_say");
      onSpeak();
      const speech = ++numSpeeches;
      notify("speaking");
      const options = { ...voices.chosen, mood: mood.value };
      await (isScript(text.value)
        ? anchor.perform(text.value, options)
        : anchor.speak(text.value, options));
      if (speech === numSpeeches) notify("spoken");
    });
  }

  function hush() {
    numSpeeches++;
    anchor.hush();
    notify("stopped");
  }

  stop.addEventListener("click", hush);

  button.addEventListener("click", speak);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) speak();
  });
  // The voice loads while the viewer types.
  text.addEventListener("focus", () => voices.warm(), { once: true });
  button.addEventListener("pointerenter", () => voices.warm(), { once: true });
  const warn = () => {
    const { engine } = voices.chosen;
    const isFar = !isHere && engine === "server";
    warning.hidden = engine !== "browser" && !isFar;
    setWords(warning, isFar ? "voice_server_hint" : "voice_browser_hint");
  };
  voice.addEventListener("change", () => {
    warn();
    voices.warm();
  });
  voices.find().then(warn, complain);
  const element = build("div", "");
  element.append(
    buildField("text", text),
    build("div", "actions", button, stop),
    describe(text, "speak_hint"),
    build("div", "fields", buildField("voice", voice), buildField("mood", mood)),
    warning,
  );
  return {
    element,
    take(script) {
      text.value = script;
    },
    get typed() {
      return text.value;
    },
    speak,
    hush,
  };
}

/** Whether brackets or marks at the start of a line tell what to do, not what to say. */
function isScript(text: string): boolean {
  return SCRIPT.test(text);
}

/** What there is to choose from, and what was chosen. */
class Voices {
  private voices: readonly Voice[] = [];
  private readonly options: SpeakOptions[] = [{}];

  constructor(
    private readonly select: HTMLSelectElement,
    private readonly anchor: VirtualAnchor,
    private readonly assets: string,
  ) {
    this.show();
  }

  async find() {
    const { findVoices } = await import("../speech/voices");
    this.voices = await findVoices(this.assets);
    for (const { engine, names } of this.voices) {
      for (const { name, engine: model } of names) {
        this.options.push({ engine, model, voice: name });
      }
    }
    onLanguage(() => this.show());
  }

  get chosen(): SpeakOptions {
    return this.options[Number(this.select.value)] ?? {};
  }

  /** Loads the chosen voice; the first sentence need not wait for it then. */
  async warm() {
    const { engine } = this.chosen;
    const voices = await this.anchor.voices();
    const voice = voices.find((one) => !engine || one.engine === engine);
    // Speaking tells what is wrong.
    await voice?.warm?.().catch(() => {});
  }

  private show() {
    const chosen = this.select.value || "0";
    const options = [buildOption("0", say("voice_auto"))];
    for (const { engine, names } of this.voices) {
      for (const { label } of names) {
        const words = say(keyOf(engine), { name: label });
        options.push(buildOption(String(options.length), words));
      }
    }
    this.select.replaceChildren(...options);
    this.select.value = chosen;
  }
}

function keyOf(engine: Voice["engine"]): Key {
  return engine === "server" && isHere ? "voice_computer" : `voice_${engine}`;
}

function buildMoods(): HTMLSelectElement {
  const select = build("select");
  select.id = "mood";
  onLanguage(() => {
    const chosen = select.value || moods[0];
    const options = moods.map((name) =>
      buildOption(name, sayOr(`mood_${name}`, spell(name))),
    );
    select.replaceChildren(...options);
    select.value = chosen ?? "";
  });
  return select;
}

/** A sentence in the viewer's language, until the viewer types another. */
function showSample(text: HTMLTextAreaElement) {
  let sample = "";
  onLanguage(() => {
    if (text.value === sample) text.value = say("sample");
    sample = say("sample");
  });
}
