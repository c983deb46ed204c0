/** What was copied last, held for a moment and then eased to neutral. */

import type { Control, Values } from "../controls";

// A face behind a hand comes back soon.
const HOLD_SECONDS = 0.5;
const EASE_SECONDS = 0.5;

export class Presence {
  private shown: Values | null = null;
  private seen = 0;
  private share = 0;
  private asked = 0;

  constructor(private readonly controls: readonly Control[]) {}

  /** `seconds`: when it was seen. */
  show(values: Values, seconds: number) {
    // Whoever mixes fades in what comes anew.
    if (!this.shown) this.share = 1;
    this.shown = values;
    this.seen = seconds;
  }

  forget() {
    this.shown = null;
  }

  isAbsent(seconds: number): boolean {
    return !this.shown || seconds - this.seen > HOLD_SECONDS;
  }

  /** Null as soon as neutral is reached. */
  values(seconds: number): Values | null {
    const step = Math.max(seconds - this.asked, 0) / EASE_SECONDS;
    this.asked = seconds;
    const { shown } = this;
    if (!shown) return null;
    if (!this.isAbsent(seconds)) {
      this.share = Math.min(this.share + step, 1);
    } else if (this.share === 0) {
      this.forget();
      return null;
    } else {
      // After a pause, such as a hidden page, nothing jumps.
      this.share = Math.max(this.share - Math.min(step, 0.2), 0);
    }
    if (this.share === 1) return shown;
    const eased = this.controls.flatMap(({ name, neutral }) => {
      const value = shown[name];
      if (value === undefined) return [];
      return [[name, neutral + this.share * (value - neutral)] as const];
    });
    return Object.fromEntries(eased);
  }
}
