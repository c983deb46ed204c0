/** How long frames took, over the last few hundred of them. */

const NUM_KEPT = 200;

export interface Latency {
  /** Milliseconds; NaN before the first frame. */
  readonly median: number;
  /** What 95 of 100 frames stay below. */
  readonly percentile95: number;
}

export class LatencyMeter {
  private readonly taken: number[] = [];
  private next = 0;

  add(milliseconds: number) {
    this.taken[this.next] = milliseconds;
    this.next = (this.next + 1) % NUM_KEPT;
  }

  get latency(): Latency {
    const sorted = [...this.taken].sort((one, other) => one - other);
    const at = (share: number) =>
      sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ??
      Number.NaN;
    return { median: at(0.5), percentile95: at(0.95) };
  }
}
