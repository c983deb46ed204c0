/** A text to sentences, each short enough that its sound comes at once. */

import { Failure, part } from "../failures";

/** Characters; a longer sentence is cut at pauses, or else at spaces. */
const LONGEST = 300;
const CLOSING = "\"'”’」』）)》〉】\\]}";
const TITLES =
  "Mr|Mrs|Ms|Dr|Prof|Sen|Gov|Gen|Rep|Lt|Col|Sgt|Capt|Rev|Hon|Jr|Sr|St|Mt|No|Nos|Fig|vs";
/** What a full stop does not end: addresses, numbers, titles, initials. */
const HELD = new RegExp(
  String.raw`https?:\/\/\S+|[\w.]+@[\w.]+\w|\.(?=[a-z0-9])|(?<![\w.])(?:${TITLES})\.(?=\s*\S)` +
    String.raw`|(?<![\w.])(?:[A-Za-z]\.){2,}(?=\s+[a-z])|(?<![\w.])[A-Z]\.(?=\s?[A-Z])`,
  "g",
);
const END = new RegExp(`(?:[。！？!?]+|…+|\\.+)[${CLOSING}]*|\\n+`, "g");
const PAUSE = /[,，、;；:：—](?!\d)["”’」』）)]*\s*/g;
const SPACE = /\s+/g;
/** Seconds of silence after a sentence, by its last mark. */
const SHORT_PAUSE = 0.22;
const LONG_PAUSE = 0.4;

/**
 * The sentences of an English, Chinese or mixed text that hold a letter or a digit.
 *
 * Throws an error if there is none.
 */
export function splitSentences(text: string): string[] {
  const held = findHeld(text);
  const sentences: string[] = [];
  let start = 0;
  for (const match of text.matchAll(END)) {
    if (held.has(match.index) || !endsSentence(text, match)) continue;
    const end = match.index + match[0].length;
    sentences.push(...cut(text.slice(start, end)));
    start = end;
  }
  sentences.push(...cut(text.slice(start)));
  const spoken = sentences.filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
  if (!spoken.length) {
    const received = text.trim() ? `\`${text.trim().slice(0, 80)}\`` : part("nothing");
    throw new Failure("text_without_letters", { text: received });
  }
  return spoken;
}

/** Seconds of silence that follow a sentence. */
export function findPause(sentence: string): number {
  const last = sentence.replace(new RegExp(`[${CLOSING}\\s]+$`), "").at(-1) ?? "";
  return "，、；：,;:—".includes(last) ? SHORT_PAUSE : LONG_PAUSE;
}

function findHeld(text: string): Set<number> {
  const held = new Set<number>();
  for (const match of text.matchAll(HELD)) {
    // An address gives back the mark that ends its sentence.
    const length = match[0].length - (/:\/\/.*[.!?]$/.test(match[0]) ? 1 : 0);
    for (let index = 0; index < length; index++) held.add(match.index + index);
  }
  return held;
}

/** Chinese marks end a sentence wherever they stand, others before white space. */
function endsSentence(text: string, match: RegExpExecArray): boolean {
  const mark = match[0];
  if (/^[。！？\n]/.test(mark)) return true;
  const rest = text.slice(match.index + mark.length);
  if (!rest || /^\s/.test(rest)) {
    // `"Really?" he asked`, `Yahoo! shares`, `wait ... what`.
    const isSoft = mark !== ".";
    return !(isSoft && /^\s*\p{Ll}/u.test(rest));
  }
  // `他说OK.然后`: no space before a Chinese letter.
  return rest > "\u2e7f";
}

/** Pieces of a sentence of at most `LONGEST` characters. */
function cut(sentence: string): string[] {
  const pieces: string[] = [];
  let rest = sentence.trim();
  while (rest.length > LONGEST) {
    const window = rest.slice(0, LONGEST);
    const end = findLastEnd(PAUSE, window) ?? findLastEnd(SPACE, window) ?? LONGEST;
    pieces.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return rest ? [...pieces, rest] : pieces;
}

/** Where the last match ends, if that is not too near the start. */
function findLastEnd(pattern: RegExp, window: string): number | null {
  const match = [...window.matchAll(pattern)].at(-1);
  const end = match ? match.index + match[0].length : 0;
  return end > LONGEST / 8 ? end : null;
}
