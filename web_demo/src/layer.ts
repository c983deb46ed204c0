/** One source's part in the mixer: what it says, and how much of it is seen. */

import type { Values } from "./controls";
import type { Role, Source } from "./mixer";
import { smoothstep } from "./smoothstep";

export class Layer {
  /** What it said last; null before it has said anything. */
  values: Float64Array | null = null;
  private progress = 0;
  private isSilent = false;

  constructor(
    private readonly source: Source,
    readonly role: Role,
    private readonly fadeSeconds: number,
    private readonly removal: AbortController,
  ) {}

  /** 0 to 1. */
  get share(): number {
    return smoothstep(this.progress);
  }

  get isOver(): boolean {
    return this.isLeaving && (this.progress === 0 || !this.values);
  }

  private get isLeaving(): boolean {
    return this.isSilent || this.removal.signal.aborted;
  }

  /** What the source says now; one that leaves is not asked again. */
  ask(seconds: number): Values | null {
    return this.isLeaving ? null : this.source(seconds);
  }

  /** Keeps what was said. Returns whether it fell silent, and leaves therefore. */
  hold(values: Float64Array | null): boolean {
    const fellSilent = !values && this.values !== null && !this.isLeaving;
    this.isSilent ||= fellSilent;
    this.values = values ?? this.values;
    return fellSilent;
  }

  /** A new layer of the same source, which starts unseen. */
  renew(): Layer {
    return new Layer(this.source, this.role, this.fadeSeconds, this.removal);
  }

  /** Takes its source out for good. */
  end() {
    this.removal.abort();
  }

  /** Fades in, or out where it leaves. */
  advance(seconds: number) {
    if (!this.values) return;
    const step = this.fadeSeconds > 0 ? seconds / this.fadeSeconds : 1;
    const next = this.progress + (this.isLeaving ? -step : step);
    this.progress = Math.min(Math.max(next, 0), 1);
  }
}
