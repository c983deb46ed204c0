/** The loop: what sliders ask for, eased, plus what the idle driver adds, drawn. */

import type { Anchor } from "./anchor";
import type { Canvas } from "./canvas";
import { type Control, pack, type Values } from "./controls";
import type { Idle } from "./drivers/idle";
import type { Generator } from "./generator";

// How fast a value follows its slider: two thirds of the way in this time.
const EASE_SECONDS = 0.09;
const CLOSE_ENOUGH = 0.001;
// Longer pauses, such as a hidden page, do not count as time passed.
const MAX_STEP_SECONDS = 0.1;
// Half a refresh of most screens: nearer than the next one.
const EARLY_MILLISECONDS = 8;

export class Player {
  /** What is asked for; change it at any time. */
  readonly wanted: Record<string, number>;
  /** Where the anchor moves by itself, or null. */
  idle: Idle | null = null;
  /** What the last frame on the canvas showed. */
  drawn: Record<string, number> = {};
  private readonly eased: Record<string, number>;
  private idleSeconds = 0;
  private idleShare = 0;
  private previousTime = 0;
  private nextTime = 0;
  private isRendering = false;
  private drawTimes: number[] = [];
  private lastIdle: Idle | null = null;

  constructor(
    private readonly controls: readonly Control[],
    private readonly anchor: Anchor,
    private readonly generator: Generator,
    private readonly canvas: Canvas,
    private readonly onError: (error: unknown) => void,
  ) {
    const entries = controls.map(({ name, neutral }) => [name, neutral]);
    this.wanted = { ...Object.fromEntries(entries), ...anchor.neutral };
    this.eased = { ...this.wanted };
  }

  /** Draws from now on, at most `fps` of the anchor; a hidden page draws nothing. */
  start() {
    requestAnimationFrame((time) => this.tick(time));
  }

  /** Frames drawn in the last second. */
  get fps(): number {
    const now = performance.now();
    this.drawTimes = this.drawTimes.filter((time) => now - time < 1000);
    return this.drawTimes.length;
  }

  /** Whether the canvas shows what is asked for, which an idle anchor rarely does. */
  get isSettled(): boolean {
    return isSame(this.wanted, this.drawn);
  }

  /** Renders exactly these controls, the others neutral, and shows them. */
  async render(values: Values): Promise<Uint8ClampedArray> {
    const pixels = await this.generator.render(pack(this.controls, values));
    this.canvas.draw(pixels);
    this.drawn = { ...values };
    return pixels;
  }

  private tick(milliseconds: number) {
    this.start();
    if (this.isRendering || milliseconds < this.nextTime - EARLY_MILLISECONDS) return;
    // A late frame is dropped, not caught up.
    this.nextTime = Math.max(this.nextTime, milliseconds) + 1000 / this.anchor.fps;
    const seconds = (milliseconds - this.previousTime) / 1000;
    this.previousTime = milliseconds;
    this.advance(Math.min(seconds, MAX_STEP_SECONDS)).catch(this.onError);
  }

  private async advance(seconds: number) {
    const values = this.move(seconds);
    if (isSame(values, this.drawn)) return;
    this.isRendering = true;
    await this.render(values);
    this.drawTimes.push(performance.now());
    this.isRendering = false;
  }

  /** Moves on in time and says what to show. */
  private move(seconds: number): Record<string, number> {
    const share = 1 - Math.exp(-seconds / EASE_SECONDS);
    for (const [name, wanted] of Object.entries(this.wanted)) {
      this.eased[name] = approach(this.eased[name] ?? wanted, wanted, share);
    }
    this.idleSeconds += seconds;
    this.idleShare = approach(this.idleShare, this.idle ? 1 : 0, share / 4);
    this.lastIdle = this.idle ?? this.lastIdle;
    const values = { ...this.eased };
    if (this.lastIdle && this.idleShare > 0) {
      const offsets = this.lastIdle.offsets(this.idleSeconds);
      for (const [name, offset] of Object.entries(offsets)) {
        values[name] = (values[name] ?? 0) + this.idleShare * offset;
      }
    }
    return values;
  }
}

export function approach(from: number, to: number, share: number): number {
  const next = from + share * (to - from);
  return Math.abs(to - next) < CLOSE_ENOUGH ? to : next;
}

function isSame(values: Values, others: Values): boolean {
  return Object.entries(values).every(([name, value]) => others[name] === value);
}
