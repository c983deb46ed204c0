/** What `set` asked for: the person when nobody else is there, eased into. */

import { type Control, checkNames, clip, type Values } from "./controls";

// Two thirds of the way are gone in this time.
const EASE_SECONDS = 0.09;
const CLOSE_ENOUGH = 0.001;
// Longer pauses, such as a hidden page, do not count as time passed.
const MAX_STEP_SECONDS = 0.1;

export class Base {
  private readonly wanted: Record<string, number>;
  private readonly eased: Record<string, number>;
  private previous: number | null = null;

  /** `neutral` is what the anchor shows at rest, where that is not the schema's. */
  constructor(
    private readonly controls: readonly Control[],
    neutral: Values,
  ) {
    checkNames(controls, Object.keys(neutral));
    const atRest = controls.map((control) => [control.name, control.neutral]);
    this.wanted = { ...Object.fromEntries(atRest), ...neutral };
    this.eased = { ...this.wanted };
  }

  /** Asks for controls; those left out stay. */
  set(values: Values) {
    checkNames(this.controls, Object.keys(values));
    const wrong = Object.entries(values).find(([, value]) => !Number.isFinite(value));
    if (wrong) {
      throw new Error(
        `Expected a number for the control ${wrong[0]}, received ${wrong[1]}.`,
      );
    }
    for (const control of this.controls) {
      const value = values[control.name];
      if (value !== undefined) this.wanted[control.name] = clip(control, value);
    }
  }

  readonly source = (seconds: number): Values => {
    const passed = Math.max(seconds - (this.previous ?? seconds), 0);
    this.previous = seconds;
    const share = 1 - Math.exp(-Math.min(passed, MAX_STEP_SECONDS) / EASE_SECONDS);
    for (const name in this.wanted) {
      const wanted = this.wanted[name] ?? 0;
      this.eased[name] = approach(this.eased[name] ?? wanted, wanted, share);
    }
    return this.eased;
  };
}

function approach(from: number, to: number, share: number): number {
  const next = from + share * (to - from);
  return Math.abs(to - next) < CLOSE_ENOUGH ? to : next;
}
