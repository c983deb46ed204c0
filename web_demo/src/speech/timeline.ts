/** A guess of when each word is said, set right by a voice that tells its words. */

import type { Phoneme } from "./visemes";

/** Seconds of silence for a mark between words. */
const PAUSE = 0.2;
const WORD = /\p{Script=Han}|[\p{L}\p{M}\p{N}'’]+/gu;

const ORIGIN = { guessed: 0, seconds: 0 };

/** A word: where it begins in the text, and when in the guess. */
export interface Word {
  readonly index: number;
  readonly start: number;
}

export interface Guess {
  readonly words: readonly Word[];
  readonly phonemes: readonly Phoneme[];
}

/** Lays guessed words of a text one after the other. */
export function layOut(
  text: string,
  guess: (word: string) => readonly Phoneme[],
): Guess {
  const words: Word[] = [];
  const phonemes: Phoneme[] = [];
  let seconds = 0;
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (words.length && /[^\s]/.test(text.slice(end, index))) {
      phonemes.push({ symbol: "", start: seconds, end: seconds + PAUSE });
      seconds += PAUSE;
    }
    words.push({ index, start: seconds });
    const guessed = guess(word);
    for (const { symbol, start, end: stop } of guessed) {
      phonemes.push({ symbol, start: seconds + start, end: seconds + stop });
    }
    seconds += guessed.at(-1)?.end ?? 0;
    end = index + word.length;
  }
  return { words, phonemes };
}

/** The guess, stretched to what is heard of somebody who speaks at another pace. */
export class Timeline {
  /** When places of the guess were heard, since the beginning. */
  private readonly heard = [ORIGIN];

  constructor(private readonly guess: Guess) {}

  /** The word at `index` of the text is heard `seconds` after the first one. */
  reach(index: number, seconds: number) {
    const word = this.guess.words.filter((known) => known.index <= index).at(-1);
    const last = this.heard.at(-1);
    if (!word || !last || word.start <= last.guessed || seconds <= last.seconds) return;
    this.heard.push({ guessed: word.start, seconds });
  }

  /** Phonemes at the times at which they are, and will be, heard. */
  get phonemes(): Phoneme[] {
    return this.guess.phonemes.map(({ symbol, start, end }) => ({
      symbol,
      start: this.stretch(start),
      end: this.stretch(end),
    }));
  }

  private stretch(guessed: number): number {
    const next = this.heard.findIndex((place) => place.guessed >= guessed);
    const before = this.heard.at(next < 0 ? -1 : Math.max(0, next - 1)) ?? ORIGIN;
    // What is still to come, at the pace of all before: single words are guessed badly.
    const [from, to] =
      next < 0 ? [ORIGIN, before] : [before, this.heard[next] ?? before];
    const length = to.guessed - from.guessed;
    const pace = length > 0 ? (to.seconds - from.seconds) / length : 1;
    return before.seconds + pace * (guessed - before.guessed);
  }
}
