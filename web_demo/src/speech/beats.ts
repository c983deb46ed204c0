/** When a speaker would nod and raise brows, read off the speech. */

import { average, interpolate } from "./curves";
import { LONG_SILENCE, measureStress, type Phoneme } from "./visemes";

/** Loudness of a sound over time; a value is about the middle of its time. */
export interface Envelope {
  readonly fps: number;
  readonly values: ArrayLike<number>;
}

const BEAT_SECONDS = 1.4;
// Blocks a second of sound whose loudness is measured, and the share of the loudest
// below which nobody speaks.
const BLOCK_FPS = 20;
const QUIET = 0.06;
const PEAK = 0.4;
// Blocks over which liveliness is measured, half of them: about a third of a second.
const REACH = 6;

/** Root mean squares of the blocks of a sound. */
export function measureEnvelope(sound: Float32Array, sampleRate: number): Envelope {
  const size = Math.max(1, Math.round(sampleRate / BLOCK_FPS));
  const values = Array.from({ length: Math.ceil(sound.length / size) }, (_, index) => {
    const block = sound.subarray(index * size, (index + 1) * size);
    return Math.sqrt(block.reduce((sum, value) => sum + value * value, 0) / size);
  });
  return { fps: sampleRate / size, values };
}

/** What loudness to expect of phonemes, where nobody has measured it. */
export function guessEnvelope(phonemes: readonly Phoneme[]): Envelope {
  const length = Math.ceil((phonemes.at(-1)?.end ?? 0) * BLOCK_FPS);
  const values = new Float64Array(length);
  for (const { symbol, start, end } of phonemes) {
    const loudness = symbol ? measureStress(symbol) : 0;
    values.fill(loudness, Math.round(start * BLOCK_FPS), Math.round(end * BLOCK_FPS));
  }
  return { fps: BLOCK_FPS, values };
}

/** How lively the voice is over about half a second, 0 to 1. */
export function measureEnergy({ fps, values }: Envelope): Envelope {
  const weights = Array.from(
    { length: 2 * REACH - 1 },
    (_, index) => Math.sin((Math.PI * (index + 1)) / (2 * REACH)) ** 2,
  );
  const smoothed = average(Float64Array.from(values), weights);
  const loudest = Math.max(...smoothed, 1e-6);
  return { fps, values: smoothed.map((value) => value / loudest) };
}

/** The value of an envelope at a time. */
export function readEnvelope({ fps, values }: Envelope, seconds: number): number {
  return values.length ? interpolate(values, seconds * fps - 0.5) : 0;
}

/**
 * When a speaker would nod, in seconds.
 *
 * Stresses are the loudest stressed sounds, some time apart, for in Mandarin nearly
 * every syllable counts as stressed. Where nobody knows the phonemes, they are the
 * loudest moments.
 */
export function findBeats(phonemes: readonly Phoneme[], envelope: Envelope) {
  const found = phonemes.length
    ? listStresses(phonemes, envelope)
    : listPeaks(measureEnergy(envelope));
  const stresses: number[] = [];
  for (const { seconds } of found.sort((a, b) => b.energy - a.energy)) {
    if (stresses.every((other) => Math.abs(seconds - other) >= BEAT_SECONDS)) {
      stresses.push(seconds);
    }
  }
  const silences = phonemes.length ? listPauses(phonemes) : listQuiet(envelope);
  const pauses = silences
    .filter(({ start, end }) => start > 0 && end - start > LONG_SILENCE)
    .map(({ start }) => start);
  return { stresses: stresses.sort((a, b) => a - b), pauses };
}

function listStresses(phonemes: readonly Phoneme[], envelope: Envelope) {
  return phonemes
    .filter(({ symbol }) => symbol && measureStress(symbol) === 1)
    .map(({ start, end }) => {
      const seconds = (start + end) / 2;
      return { seconds, energy: readEnvelope(envelope, seconds) ** 2 * (end - start) };
    });
}

function listPeaks({ fps, values }: Envelope) {
  return Array.from(values, (energy, index) => {
    const isPeak =
      energy > PEAK &&
      energy >= (values[index - 1] ?? Infinity) &&
      energy > (values[index + 1] ?? Infinity);
    return isPeak ? [{ seconds: (index + 0.5) / fps, energy }] : [];
  }).flat();
}

/** Silences after the first sound. */
function listPauses(phonemes: readonly Phoneme[]) {
  const first = phonemes.find(({ symbol }) => symbol)?.start ?? 0;
  return phonemes.filter(({ symbol, start }) => !symbol && start > first);
}

function listQuiet({ fps, values }: Envelope) {
  const limit = QUIET * Math.max(...Array.from(values), 1e-6);
  const spans: { start: number; end: number }[] = [];
  for (const [index, loudness] of Array.from(values).entries()) {
    const [start, end] = [index / fps, (index + 1) / fps];
    if (loudness >= limit) continue;
    const last = spans.at(-1);
    if (last && start - last.end < 0.5 / fps) last.end = end;
    else spans.push({ start, end });
  }
  return spans;
}
