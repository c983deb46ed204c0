/** A mouth added to a person, the same as `combine` in `drive/performing.py`. */

import type { Control } from "./controls";

// Sounds that a smile would undo: round ones, and a lip on the teeth.
const UNSMILING = /^(mouthFunnel|mouthPucker|mouthRollLower)$/;
const OPENING = /^jawOpen$/;
const SMILES = /^mouthSmile/;
const FROWNS = /^mouthFrown/;
const PRESSES = /^mouth(Press|Shrug)/;

/** Returns a function that adds a mouth to a person, in place. */
export function buildCombine(controls: readonly Control[]) {
  const find = (pattern: RegExp) =>
    controls.flatMap(({ name }, index) => (pattern.test(name) ? [index] : []));
  const [unsmiling, opening] = [find(UNSMILING), find(OPENING)];
  const [smiles, frowns, presses] = [find(SMILES), find(FROWNS), find(PRESSES)];

  return (person: Float64Array, mouth: Float64Array) => {
    const round = limit(sum(mouth, unsmiling) / 0.6);
    const open = limit(sum(mouth, opening) / 0.08);
    scale(person, smiles, 1 - 0.6 * round);
    scale(person, frowns, 1 - 0.5 * open);
    scale(person, presses, 1 - open);
    for (let index = 0; index < person.length; index++) {
      person[index] = (person[index] ?? 0) + (mouth[index] ?? 0);
    }
  };
}

function limit(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}

function sum(values: Float64Array, indices: readonly number[]): number {
  return indices.reduce((total, index) => total + (values[index] ?? 0), 0);
}

function scale(values: Float64Array, indices: readonly number[], share: number) {
  for (const index of indices) values[index] = (values[index] ?? 0) * share;
}
