/** The idle driver: plays a loop that Python wrote, `idle.json`. */

import { type Control, checkNames } from "../controls";
import { fetchJson } from "../files";

/** Controls over time: `controls[frame][column]`, one column for each of `names`. */
export interface Performance {
  readonly fps: number;
  readonly names: readonly string[];
  readonly controls: readonly (readonly number[])[];
}

export async function loadIdle(url: string): Promise<Performance> {
  const remedy = "Start the page with `keras-anchor demo`.";
  return fetchJson<Performance>(url, remedy);
}

/** Says, at any time, how far from neutral an idle anchor has moved. */
export class Idle {
  private readonly neutral: readonly number[];

  constructor(
    private readonly performance: Performance,
    controls: readonly Control[],
  ) {
    checkNames(controls, performance.names);
    const neutral = new Map(controls.map(({ name, neutral }) => [name, neutral]));
    this.neutral = performance.names.map((name) => neutral.get(name) ?? 0);
  }

  /** Offsets from neutral by control name, linear between frames, in an endless loop. */
  offsets(seconds: number): Record<string, number> {
    const { fps, names, controls } = this.performance;
    const position = (seconds * fps) % controls.length;
    const index = Math.floor(position);
    const share = position - index;
    const before = controls[index] ?? [];
    const after = controls[(index + 1) % controls.length] ?? [];
    return Object.fromEntries(
      names.map((name, column) => {
        const from = before[column] ?? 0;
        const value = from + share * ((after[column] ?? 0) - from);
        return [name, value - (this.neutral[column] ?? 0)];
      }),
    );
  }
}
