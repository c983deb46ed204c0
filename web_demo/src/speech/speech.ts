/** Speech as voices hand it on: sound, and the phonemes that fill it. */

import type { Phoneme } from "./visemes";

export interface Speech {
  /** Mono, in [-1, 1]. */
  readonly sound: Float32Array<ArrayBuffer>;
  readonly sampleRate: number;
  readonly phonemes: readonly Phoneme[];
}

const PEAK = 10 ** (-1 / 20);
/** Below this, sound passes the limiter unchanged. */
const KNEE = 10 ** (-4 / 20);

/** The speech without the silence before and after it. */
export function trim({ sound, sampleRate, phonemes }: Speech): Speech {
  const spoken = phonemes.flatMap(({ symbol }, index) => (symbol ? [index] : []));
  const kept = phonemes.slice(spoken[0], (spoken.at(-1) ?? -1) + 1);
  const [head, tail] = [kept[0], kept.at(-1)];
  if (!head || !tail) return { sound, sampleRate, phonemes };
  const begin = Math.round(head.start * sampleRate);
  const part = sound.slice(begin, Math.round(tail.end * sampleRate));
  const seconds = part.length / sampleRate;
  const clip = (value: number) =>
    Math.min(Math.max(value - begin / sampleRate, 0), seconds);
  return {
    sound: part,
    sampleRate,
    // Exactly filled, whatever the samples rounded.
    phonemes: kept.map(({ start, end, symbol }) => ({
      start: start === head.start ? 0 : clip(start),
      end: end === tail.end ? seconds : clip(end),
      symbol,
    })),
  };
}

/** The speech with seconds of silence around it. */
export function pad(speech: Speech, before: number, after: number): Speech {
  const { sampleRate } = speech;
  const silences = [before, after].map((seconds) => ({
    sound: new Float32Array(Math.round(seconds * sampleRate)),
    sampleRate,
    phonemes: [],
  }));
  return join([silences[0] ?? speech, speech, silences[1] ?? speech]);
}

/** Speeches of one sample rate, one after the other. */
export function join(speeches: readonly Speech[]): Speech {
  const sampleRate = speeches[0]?.sampleRate ?? 1;
  const size = speeches.reduce((sum, { sound }) => sum + sound.length, 0);
  const sound = new Float32Array(size);
  const phonemes: Phoneme[] = [];
  let numSamples = 0;
  for (const speech of speeches) {
    const offset = numSamples / sampleRate;
    const seconds = speech.sound.length / sampleRate;
    const own = speech.phonemes.length
      ? speech.phonemes
      : [{ start: 0, end: seconds, symbol: "" }];
    for (const { start, end, symbol } of own) {
      if (end > start) {
        phonemes.push({ start: start + offset, end: end + offset, symbol });
      }
    }
    sound.set(speech.sound, numSamples);
    numSamples += speech.sound.length;
  }
  return { sound, sampleRate, phonemes: mergeSilences(phonemes) };
}

/** Neighbouring silences become one. */
export function mergeSilences(phonemes: readonly Phoneme[]): Phoneme[] {
  const merged: Phoneme[] = [];
  for (const phoneme of phonemes) {
    const last = merged.at(-1);
    if (last && !last.symbol && !phoneme.symbol) {
      merged[merged.length - 1] = { ...last, end: phoneme.end };
    } else {
      merged.push(phoneme);
    }
  }
  return merged;
}

/** Scales sound in place; what is louder than `KNEE` is bent to stay below `PEAK`. */
export function amplify(sound: Float32Array, gain: number) {
  const room = PEAK - KNEE;
  for (let index = 0; index < sound.length; index++) {
    const value = gain * (sound[index] ?? 0);
    const excess = Math.abs(value) - KNEE;
    sound[index] =
      excess > 0 ? Math.sign(value) * (KNEE + room * Math.tanh(excess / room)) : value;
  }
}
