/** The cues that a script may hold, and the values that they take. */

import { Failure, part } from "../failures";
import { looks } from "./looks";
import { moods } from "./moods";
import { findClose, quote } from "./spelling";

/** Seconds of a pause, else text; null where a cue takes something back. */
export type CueValue = number | string | null;

interface Kind {
  /** How it is written. */
  readonly example: string;
  /** What makes its value of text; throws an error that says what would be one. */
  check(text: string, voices: readonly string[] | null): CueValue;
}

const LONGEST_PAUSE = 60;
const LONGEST_TEXT = 200;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export const KINDS: Readonly<Record<string, Kind>> = {
  pause: { example: "pause 0.5", check: checkPause },
  mood: { example: "mood friendly", check: (text) => choose(text, moods, "a_mood") },
  look: { example: "look left", check: (text) => choose(text, looks, "a_look") },
  nod: { example: "nod", check: checkNothing },
  voice: { example: "voice zh-female", check: checkVoice },
  // What follows is for films: a page reads over it.
  background: { example: "background studio.jpg", check: (text) => text },
  "lower-third": { example: "lower-third Name, role", check: checkLowerThird },
  caption: { example: "caption Text", check: checkLength },
  chapter: { example: "chapter Title", check: checkTitle },
};

function checkPause(text: string): number {
  const seconds = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!(seconds > 0 && seconds <= LONGEST_PAUSE)) {
    throw new Failure("pause_wrong", { limit: LONGEST_PAUSE, text: quote(text) });
  }
  return seconds;
}

/** `text` in small letters, if it is known. */
function choose(
  text: string,
  known: readonly string[],
  what: "a_mood" | "a_look",
): string {
  const name = text.toLowerCase();
  if (known.includes(name)) return name;
  const close = findClose(name, known, 0.5);
  throw new Failure("choice_wrong", {
    what: part(what),
    text: quote(text),
    hint: close ? part("did_you_mean", { close }) : "",
    known: known.join(", "),
  });
}

function checkNothing(text: string): string {
  if (text) throw new Failure("cue_surplus", { text: quote(text) });
  return "";
}

function checkVoice(text: string, voices: readonly string[] | null): string | null {
  if (text && voices && !voices.includes(text)) {
    throw new Failure("cue_voice_unknown", {
      text: quote(text),
      known: voices.join(", "),
    });
  }
  return text || null;
}

function checkLowerThird(text: string): string {
  const [name = ""] = checkLength(text).split(/[,，]/);
  if (text && !name.trim()) {
    throw new Failure("lower_third_nameless", { text: quote(text) });
  }
  return text;
}

function checkTitle(text: string): string {
  if (!text) throw new Failure("chapter_untitled");
  return checkLength(text);
}

function checkLength(text: string): string {
  const { length } = [...text];
  if (length > LONGEST_TEXT) {
    throw new Failure("title_too_long", { limit: LONGEST_TEXT, length });
  }
  return text;
}
