/** The cues that a script may hold, and the values that they take. */

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
  mood: { example: "mood friendly", check: (text) => choose(text, moods, "a mood") },
  look: { example: "look left", check: (text) => choose(text, looks, "where to look") },
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
    throw new Error(
      `Expected seconds up to ${LONGEST_PAUSE}, such as \`[pause 0.5]\`, received ` +
        `${quote(text)}.`,
    );
  }
  return seconds;
}

/** `text` in small letters, if it is known. */
function choose(text: string, known: readonly string[], what: string): string {
  const name = text.toLowerCase();
  if (known.includes(name)) return name;
  const close = findClose(name, known, 0.5);
  const hint = close ? ` Did you mean \`${close}\`?` : "";
  throw new Error(
    `Expected ${what}, received ${quote(text)}.${hint} Known: ${known.join(", ")}.`,
  );
}

function checkNothing(text: string): string {
  if (text) throw new Error(`Expected nothing more, received ${quote(text)}.`);
  return "";
}

function checkVoice(text: string, voices: readonly string[] | null): string | null {
  if (text && voices && !voices.includes(text)) {
    throw new Error(`Unknown voice ${quote(text)}. Known: ${voices.join(", ")}.`);
  }
  return text || null;
}

function checkLowerThird(text: string): string {
  const [name = ""] = checkLength(text).split(/[,，]/);
  if (text && !name.trim()) {
    throw new Error(
      `Expected \`[lower-third Name, role]\`, received no name in ${quote(text)}.`,
    );
  }
  return text;
}

function checkTitle(text: string): string {
  if (!text) throw new Error("Expected a title, such as `[chapter Weather]`.");
  return checkLength(text);
}

function checkLength(text: string): string {
  const { length } = [...text];
  if (length > LONGEST_TEXT) {
    throw new Error(
      `Expected at most ${LONGEST_TEXT} characters to show, received ${length}.`,
    );
  }
  return text;
}
