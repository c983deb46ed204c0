/** The frame loop: what the mixer asks for is drawn, if it changed, when there is time. */

import { type Control, pack, type Values } from "./controls";
import { type Latency, LatencyMeter } from "./latency";
import type { Mixer } from "./mixer";

// Half a refresh of most screens: nearer than the next one.
const EARLY_MILLISECONDS = 8;

/** The part of a renderer that draws; resolves when the canvas shows the controls. */
export interface Screen {
  draw(controls: Float32Array): Promise<void>;
}

export class FrameLoop {
  /** What the canvas shows. */
  drawn: Values = {};
  /** Frames that were due while the one before was not shown yet. */
  dropped = 0;
  private readonly meter = new LatencyMeter();
  private drawTimes: number[] = [];
  private shown: Float32Array | null = null;
  private request: number | null = null;
  private nextTime = 0;
  private isDrawing = false;
  private isDue = false;
  private lastFailure = "";
  private isStopped = false;

  constructor(
    private readonly controls: readonly Control[],
    private readonly mixer: Mixer,
    private readonly screen: Screen,
    private readonly fps: number,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Frames drawn in the last second. */
  get rate(): number {
    const now = performance.now();
    this.drawTimes = this.drawTimes.filter((time) => now - time < 1000);
    return this.drawTimes.length;
  }

  /** From asking the mixer to the canvas showing it. */
  get latency(): Latency {
    return this.meter.latency;
  }

  /** Draws one frame now, whether the page is seen or not. */
  async drawFirst() {
    await this.draw(this.mixer.values(performance.now() / 1000));
  }

  /** Goes on, or pauses; a pause is no time passed for whoever eases or fades. */
  run(isRunning: boolean) {
    if (isRunning && this.request === null && !this.isStopped) this.ask();
    if (!isRunning && this.request !== null) {
      cancelAnimationFrame(this.request);
      this.request = null;
    }
  }

  stop() {
    this.run(false);
    this.isStopped = true;
  }

  private ask() {
    this.request = requestAnimationFrame((time) => this.tick(time));
  }

  private tick(milliseconds: number) {
    this.ask();
    if (milliseconds < this.nextTime - EARLY_MILLISECONDS) return;
    this.nextTime =
      Math.max(this.nextTime, milliseconds - 1000 / this.fps) + 1000 / this.fps;
    if (this.isDrawing) {
      // A late frame is dropped, not queued; the newest is drawn as soon as possible.
      if (this.isDue) this.dropped++;
      this.isDue = true;
    } else void this.advance();
  }

  private async advance() {
    this.isDrawing = true;
    do {
      this.isDue = false;
      await this.update();
    } while (this.isDue && this.request !== null);
    this.isDrawing = false;
  }

  /** Draws what is asked for, if it is not shown yet. */
  private async update() {
    try {
      const start = performance.now();
      const values = this.mixer.values(start / 1000);
      if (this.isShown(values)) return;
      await this.draw(values);
      const now = performance.now();
      this.meter.add(now - start);
      this.drawTimes.push(now);
      this.lastFailure = "";
    } catch (error) {
      this.tell(error as Error);
    }
  }

  /** A failure that comes back with every frame is told once. */
  private tell(error: Error) {
    if (error.message !== this.lastFailure && !this.isStopped) this.onError(error);
    this.lastFailure = error.message;
  }

  private async draw(values: Values) {
    const packed = pack(this.controls, values);
    // The renderer may take the numbers to its worker.
    await this.screen.draw(packed.slice());
    this.shown = packed;
    this.drawn = values;
  }

  private isShown(values: Values): boolean {
    const { shown } = this;
    return this.controls.every(
      ({ name }, index) => shown?.[index] === Math.fround(values[name] ?? 0),
    );
  }
}
