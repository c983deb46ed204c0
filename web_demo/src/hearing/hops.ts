/** Blocks of sound at any rate to hops at the network's, each with its time. */

import { Resampler } from "./resampler";

/** Sound of one hop; `end` is the time of the sample after it, in seconds. */
export interface Hop {
  readonly sound: Float32Array<ArrayBuffer>;
  readonly end: number;
}

export class HopCutter {
  private resampler: Resampler;
  private hop: Float32Array<ArrayBuffer>;
  private filled = 0;
  private firstFrame: number | null = null;
  private nextFrame = 0;
  private count = 0;

  constructor(
    private readonly fromRate: number,
    private readonly toRate: number,
    private readonly size: number,
  ) {
    this.resampler = new Resampler(fromRate, toRate);
    this.hop = new Float32Array(size);
  }

  /** Takes the next block; `frame` is the number of its first sample. */
  push(block: Float32Array, frame: number): Hop[] {
    if (frame !== this.nextFrame || this.firstFrame === null) this.restart(frame);
    this.nextFrame = frame + block.length;
    const hops: Hop[] = [];
    for (const sample of this.resampler.push(block)) {
      this.hop[this.filled++] = sample;
      this.count++;
      if (this.filled < this.size) continue;
      hops.push({ sound: this.hop, end: this.time });
      this.hop = new Float32Array(this.size);
      this.filled = 0;
    }
    return hops;
  }

  private get time(): number {
    return (this.firstFrame ?? 0) / this.fromRate + this.count / this.toRate;
  }

  /** What came before a gap says nothing of the time after it. */
  private restart(frame: number) {
    this.resampler = new Resampler(this.fromRate, this.toRate);
    this.filled = 0;
    this.count = 0;
    this.firstFrame = frame;
  }
}
