/** The idle driver: plays a loop that Python wrote, `idle_loop.json`, without end. */

import type { Control, Values } from "../controls";
import type { Performance } from "../performance";

export async function loadIdle(): Promise<Performance> {
  return (await import("./idle_loop.json")).default;
}

/** Says, at any time, how far from neutral an idle anchor has moved. */
export class Idle {
  /** Columns of the loop that the anchor knows, and what is neutral there. */
  private readonly columns: readonly (readonly [
    name: string,
    column: number,
    neutral: number,
  ])[];

  constructor(
    private readonly loop: Performance,
    controls: readonly Control[],
  ) {
    const neutral = new Map(controls.map((control) => [control.name, control.neutral]));
    this.columns = loop.names.flatMap((name, column) => {
      const value = neutral.get(name);
      return value === undefined ? [] : [[name, column, value] as const];
    });
  }

  /** Offsets from neutral by control name, linear between frames, for a mixer. */
  readonly at = (seconds: number): Values => {
    const { fps, controls } = this.loop;
    const position = (seconds * fps) % controls.length;
    const index = Math.floor(position);
    const share = position - index;
    const before = controls[index] ?? [];
    const after = controls[(index + 1) % controls.length] ?? [];
    return Object.fromEntries(
      this.columns.map(([name, column, neutral]) => {
        const from = before[column] ?? 0;
        const value = from + share * ((after[column] ?? 0) - from);
        return [name, value - neutral];
      }),
    );
  };
}
