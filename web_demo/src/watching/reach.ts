/** From a driver's range to an anchor's, by curves that keep the order. */

// How much an expression or a glance may grow: more shows as trembling.
export const MAX_GAIN = 1.2;
// Where the driver's range is the wider one, how much steeper small motions stay than
// a straight line.
const MAX_STEEPNESS = 2;
// How far, as a share of the anchor's range, what is beyond the driver's may go.
const OVERSHOOT = 0.1;
// A single mistake of the tracker is forgotten by half in this time.
const HALF_LIFE_SECONDS = 60;

/** How far a driver goes, as seen so far. */
export class Reach {
  private farthest = 0;
  private seconds: number | null = null;

  see(value: number, seconds: number): number {
    const passed = Math.max(seconds - (this.seconds ?? seconds), 0);
    this.seconds = seconds;
    const kept = this.farthest * 0.5 ** (passed / HALF_LIFE_SECONDS);
    this.farthest = Math.max(kept, value);
    return this.farthest;
  }
}

/**
 * Maps 0 to 0 and `reach` to `high`, or to less where `maxGain` forbids it.
 *
 * A straight line where the anchor's range is the wider one; else a hyperbola that
 * starts out without making anything smaller, or at twice the straight line's slope.
 */
export function bend(value: number, reach: number, high: number, maxGain = MAX_GAIN) {
  if (high <= 0) return 0;
  const whole = Math.max(reach, high / maxGain);
  const steepness = Math.min(Math.max(whole / high, 1), MAX_STEEPNESS);
  const share = value / whole;
  return ease((steepness * share) / (1 + (steepness - 1) * share), high);
}

/** As `bend`, but lids always shut; open ones move no more than the driver's. */
export function bendLids(value: number, closure: number, high: number): number {
  if (high <= closure) return bend(value, closure, high);
  const share = value / closure;
  const steepness = closure / high;
  return ease(share * (steepness + (1 - steepness) * share), high);
}

/** Shares of `high`; what exceeds 1 slows down and stops at `OVERSHOOT`. */
function ease(share: number, high: number): number {
  const beyond = OVERSHOOT * Math.tanh(Math.max(share - 1, 0) / OVERSHOOT);
  return high * (Math.min(share, 1) + beyond);
}
