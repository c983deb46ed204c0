/** Lips and gestures that also do what a script asks for while it is read. */

import type { Speaking } from "./performing";
import type { PartCue } from "./script";
import type { Lips } from "./speaker";
import type { Phoneme } from "./visemes";

interface Said {
  readonly phonemes: readonly Phoneme[];
  readonly text: string;
}

/**
 * Passes on what is said, with the cues that lie in it.
 *
 * A sentence takes its time evenly over its characters, as far as anybody knows.
 */
export class CuedLips implements Lips {
  private text = "";
  private cues: readonly PartCue[] = [];
  /** Where each sentence of the text ends; sentences may be said twice. */
  private readonly places = new Map<Said, number>();

  constructor(private readonly speaking: Speaking) {}

  /** What is said from now on, and its cues. */
  take(text: string, cues: readonly PartCue[]) {
    this.text = text;
    this.cues = cues;
    this.places.clear();
  }

  speak(said: Said, start: number) {
    const from = this.find(said);
    const seconds = said.phonemes.at(-1)?.end ?? 0;
    const length = said.text.length;
    const isLast = from + length >= this.text.trimEnd().length;
    const own = this.cues.filter(
      ({ offset }) => offset >= from && (isLast || offset < from + length),
    );
    return this.speaking.speak(
      said,
      start,
      own.map(({ offset, kind, value }) => ({
        seconds: (seconds * Math.min(offset - from, length)) / Math.max(length, 1),
        kind,
        value,
      })),
    );
  }

  hush(seconds?: number) {
    this.speaking.hush(seconds);
  }

  private find(said: Said): number {
    const known = this.places.get(said);
    if (known !== undefined) return known;
    const last = Math.max(
      0,
      ...[...this.places].map(([one, at]) => at + one.text.length),
    );
    const found = this.text.indexOf(said.text, last);
    const place = found < 0 ? Math.min(last, this.text.length) : found;
    this.places.set(said, place);
    return place;
  }
}
