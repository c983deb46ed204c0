/** When sound is heard: the times of an AudioContext as those of `performance.now()`. */

/** Seconds; a device was changed, or the clock stood still. */
const JUMP = 0.05;
/** Seconds over which measurements are averaged, which tremble in some browsers. */
const SMOOTHING = 0.1;
/** Seconds by which a measurement may be ahead: WebKitGTK stamps the future. */
const AHEAD = 0.25;

/** What it needs of an AudioContext. */
export type TimedContext = Pick<
  AudioContext,
  "baseLatency" | "currentTime" | "getOutputTimestamp" | "outputLatency"
>;

export class AudioClock {
  private offset: number | null = null;
  /** When, in seconds. */
  private measured = 0;

  constructor(
    private readonly context: TimedContext,
    private readonly now = () => performance.now() / 1000,
  ) {}

  /** `performance.now() / 1000` when a time of the context is heard. */
  heardAt(contextSeconds: number): number {
    return contextSeconds + this.measure();
  }

  /** The context's time that is heard at `performance.now() / 1000`. */
  contextTime(seconds: number): number {
    return seconds - this.measure();
  }

  /** Seconds from the context to the ear: a recording of the context is early by it. */
  get latency(): number {
    return Math.max(0, this.heardAt(this.context.currentTime) - this.now());
  }

  private measure(): number {
    const measured = this.measureOnce();
    const elapsed = this.now() - this.measured;
    this.measured += elapsed;
    const change = measured - (this.offset ?? measured);
    const share = 1 - Math.exp(-elapsed / SMOOTHING);
    const isSteady = this.offset !== null && Math.abs(change) < JUMP;
    this.offset = isSteady ? (this.offset ?? 0) + share * change : measured;
    return this.offset;
  }

  private measureOnce(): number {
    const { context } = this;
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    const stamped = (performanceTime ?? 0) / 1000;
    const isBelievable = stamped - this.now() < AHEAD;
    if (contextTime && stamped && isBelievable) return stamped - contextTime;
    // Nothing was heard yet, or nobody knows when.
    const latency = context.outputLatency || context.baseLatency || 0;
    return this.now() - context.currentTime + latency;
  }
}
