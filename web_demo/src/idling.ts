/** Idle life: breathing, blinking, looking around, as far as the viewer wants motion. */

import type { Control, Values } from "./controls";
import { Idle, loadIdle } from "./drivers/idle";
import type { Mixer, Source } from "./mixer";

// Longer pauses, such as a hidden page, do not count as time passed.
const MAX_STEP_SECONDS = 0.1;
const FADE_SECONDS = 0.5;

export class Idling {
  isOn = false;
  private idle: Idle | null = null;
  private remove: (() => void) | null = null;

  constructor(
    private readonly mixer: Mixer,
    private readonly controls: readonly Control[],
  ) {}

  /** Its loop loads when it is first switched on. */
  async switch(isOn: boolean) {
    this.isOn = isOn;
    if (!isOn) {
      this.remove?.();
      this.remove = null;
      return;
    }
    this.idle ??= new Idle(await loadIdle(), this.controls);
    if (!this.isOn || this.remove) return;
    const reduced = matchMedia("(prefers-reduced-motion: reduce)");
    const source = pausable(this.idle.at);
    const calm = this.calm(source, () => reduced.matches);
    this.remove = this.mixer.add(calm, "offset", FADE_SECONDS);
  }

  private calm(source: Source, isCalm: () => boolean): Source {
    // What moves both ways from neutral is the pose: it sways, and then stays.
    const swaying = this.controls.filter(({ low, neutral }) => low < neutral);
    const still = Object.fromEntries(swaying.map(({ name }) => [name, 0]));
    return (seconds) => {
      const values = source(seconds);
      return values && isCalm() ? { ...values, ...still } : values;
    };
  }
}

/** A source whose time stands still while nobody asks, so that it goes on from there. */
export function pausable(source: (seconds: number) => Values): Source {
  let previous: number | null = null;
  let passed = 0;
  return (seconds) => {
    const step = Math.max(seconds - (previous ?? seconds), 0);
    passed += Math.min(step, MAX_STEP_SECONDS);
    previous = seconds;
    return source(passed);
  };
}
