/**
 * Phonemes to mouth controls: shapes that melt into each other, lips that do meet.
 *
 * The numbers are those of `keras_anchor/drive/visemes.py`; change both.
 *
 * Reference: Cohen and Massaro, "Modeling coarticulation in synthetic visual speech",
 * 1993, equations 1 to 4, with a Gaussian for the exponential.
 */

import { clip } from "../controls";
import type { Performance } from "../performance";
import { smoothstep } from "../smoothstep";
import { interpolate, smooth } from "./curves";
import { sealLips } from "./seals";
import type { Group, Viseme, VisemeTable } from "./viseme_table";

/** One sound, in seconds; `symbol` is IPA with stress marks, empty for silence. */
export interface Phoneme {
  readonly symbol: string;
  readonly start: number;
  readonly end: number;
}

/** A part of a phoneme that has one shape. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly viseme: Viseme;
  readonly stress: number;
}

// Seconds by which a sound's influence reaches beyond its own middle half, before and
// after: rounding is prepared long ahead ("too" is round from its t on).
const REACH: Readonly<Record<Group, readonly [number, number]>> = {
  jaw: [0.01, 0.01],
  round: [0.1, 0.05],
  lips: [0.04, 0.03],
};
// Standard deviations in seconds of the smoothing that stands for the mass of jaw, lips.
const INERTIA: Readonly<Record<Group, number>> = {
  jaw: 0.024,
  round: 0.035,
  lips: 0.02,
};
const GRID_FPS = 200;
// Seconds of grid before the speech and after, and by which a sound is felt at all.
const MARGIN = 0.5;
const FELT = 0.4;
// How far the jaw opens for syllables with stress, some, and none. In Mandarin a full
// tone is what stress is elsewhere.
const STRESSES: Readonly<Record<string, number>> = { ˈ: 1, ˌ: 0.9 };
const UNSTRESSED = 0.8;
const TONES = /[→↗↓↘˥˦˧˨˩]/;
/** Silences longer than this, in seconds, shut the mouth. */
export const LONG_SILENCE = 0.2;
const SHUT_SECONDS = 0.1;
const OPENING = /^(jawOpen|mouthLowerDown|mouthUpperUp)/;

/**
 * A performance of the mouth alone; a frame shows the middle of its time.
 *
 * `openness` scales how far jaw and lips open, once or frame by frame; 1 is a
 * newsreader.
 */
export function mouthControls(
  phonemes: readonly Phoneme[],
  numFrames: number,
  fps: number,
  table: VisemeTable,
  openness: number | readonly number[] = 1,
): Performance {
  const times = Array.from({ length: numFrames }, (_, index) => (index + 0.5) / fps);
  const segments = splitPhonemes(phonemes, table);
  const columns = blend(segments, times, table);
  const speaking = measureSpeaking(phonemes, times);
  if (segments.length) {
    for (const column of table.find((name) => OPENING.test(name))) {
      scale(columns[column], openness);
    }
    sealLips(columns, segments, times, fps, table);
  }
  for (const column of columns) scale(column, speaking);
  const names = table.columns.map(({ name }) => name);
  const controls = times.map((_, frame) =>
    table.columns.map((control, column) =>
      clip(control, columns[column]?.[frame] ?? 0),
    ),
  );
  return { fps, names, controls };
}

/** How far the jaw opens for a phoneme, by its marks of stress and tone. */
export function measureStress(symbol: string): number {
  return TONES.test(symbol) ? 1 : (STRESSES[symbol.slice(0, 1)] ?? UNSTRESSED);
}

function scale(values: Float64Array | undefined, by: number | ArrayLike<number>) {
  values?.forEach((value, frame) => {
    values[frame] = value * (typeof by === "number" ? by : (by[frame] ?? 1));
  });
}

/** Diphthongs and affricates in parts. */
function splitPhonemes(phonemes: readonly Phoneme[], table: VisemeTable): Segment[] {
  const [jaw = -1] = table.find((name) => name === "jawOpen");
  return phonemes.flatMap(({ symbol, start, end }) => {
    const visemes = symbol ? table.split(symbol) : [table.rest];
    // The more open part of a diphthong lasts longer.
    const shares = visemes.map(({ shape }) => 1 + 3 * (shape[jaw] ?? 0));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const stress = measureStress(symbol);
    let passed = 0;
    return visemes.map((viseme, index) => {
      const from = start + (passed / total) * (end - start);
      passed += shares[index] ?? 0;
      return {
        start: from,
        end: start + (passed / total) * (end - start),
        viseme,
        stress,
      };
    });
  });
}

/** Dominance-weighted means of shapes, smoothed, at `times`: a list of columns. */
function blend(
  segments: readonly Segment[],
  times: readonly number[],
  table: VisemeTable,
) {
  const columns = table.columns.map(({ neutral }) =>
    new Float64Array(times.length).fill(neutral),
  );
  const end = Math.max(times.at(-1) ?? 0, segments.at(-1)?.end ?? 0);
  const size = Math.ceil((end + 2 * MARGIN) * GRID_FPS);
  for (const [group, members] of segments.length ? table.groups : []) {
    const total = new Float64Array(size).fill(1e-6);
    const shapes = members.map(() => new Float64Array(size));
    for (const segment of segments) {
      const scaled = members.map(
        (column) =>
          (segment.viseme.shape[column] ?? 0) * (group === "jaw" ? segment.stress : 1),
      );
      addSegment(segment, group, segment.viseme === table.rest, scaled, total, shapes);
    }
    for (const [index, column] of members.entries()) {
      const shape = shapes[index]?.map((sum, place) => sum / (total[place] ?? 1));
      const smoothed = smooth(shape ?? total, INERTIA[group] * GRID_FPS);
      for (const [frame, time] of times.entries()) {
        const value = interpolate(smoothed, (time + MARGIN) * GRID_FPS);
        (columns[column] as Float64Array)[frame] = value;
      }
    }
  }
  return columns;
}

/** Adds a sound's pull, and what it pulls to, to the sums over the grid. */
function addSegment(
  { start, end, viseme }: Segment,
  group: Group,
  isRest: boolean,
  target: readonly number[],
  total: Float64Array,
  shapes: readonly Float64Array[],
) {
  const [before, after] = REACH[group];
  const middle = (start + end) / 2;
  const half = (end - start) / 2;
  const strength = viseme.dominance[group] * (isRest ? Math.min(1, half / 0.075) : 1);
  const moved = shapes.filter((_, index) => target[index]);
  const targets = target.filter((value) => value);
  const last = Math.min(findPlace(end + FELT), total.length);
  for (let place = Math.max(0, findPlace(start - FELT)); place < last; place += 1) {
    const distance = place / GRID_FPS - MARGIN - middle;
    const reach = half + (distance < 0 ? before : after);
    const dominance = strength * Math.exp(-((distance / reach) ** 2));
    total[place] = (total[place] ?? 0) + dominance;
    for (let index = 0; index < moved.length; index += 1) {
      const shape = moved[index] as Float64Array;
      shape[place] = (shape[place] ?? 0) + dominance * (targets[index] ?? 0);
    }
  }
}

/** The first place of the grid at `seconds` or later. */
function findPlace(seconds: number): number {
  return Math.ceil((seconds + MARGIN) * GRID_FPS - 1e-9);
}

/** 1 while speaking, 0 in long silences, smooth between. */
function measureSpeaking(phonemes: readonly Phoneme[], times: readonly number[]) {
  const speaking = new Float64Array(times.length).fill(1);
  const first = phonemes[0]?.start ?? 0;
  const last = phonemes.at(-1)?.end ?? 0;
  const silences = [
    { start: -Infinity, end: first },
    ...phonemes.filter(({ symbol }) => !symbol),
    { start: last, end: Infinity },
  ];
  for (const { start, end } of silences) {
    if (end - start <= LONG_SILENCE) continue;
    const begin = start <= first ? -Infinity : start;
    const finish = end >= last ? Infinity : end;
    for (const [frame, time] of times.entries()) {
      const after = 1 - smoothstep((time - begin) / SHUT_SECONDS);
      const before = smoothstep((time - finish + SHUT_SECONDS) / SHUT_SECONDS);
      speaking[frame] = Math.min(speaking[frame] ?? 1, Math.max(after, before));
    }
  }
  return speaking;
}
