/** Smooths a number over time: calm at rest, quick in motion. */

// How quickly the speed itself is believed, in hertz; the paper's own value.
const SPEED_CUTOFF = 1;

/**
 * A low pass whose cutoff rises with speed.
 *
 * Reference: Casiez, Roussel and Vogel (2012), 1 € Filter: A Simple Speed-based
 * Low-pass Filter for Noisy Input in Interactive Systems,
 * https://doi.org/10.1145/2207676.2208639
 */
export class OneEuro {
  private value: number | null = null;
  private speed = 0;
  private seconds = 0;

  /**
   * `minCutoff`: hertz at rest, lower is calmer. `slope`: hertz for each unit a second,
   * higher is quicker.
   */
  constructor(
    private readonly minCutoff: number,
    private readonly slope: number,
  ) {}

  next(value: number, seconds: number): number {
    const passed = seconds - this.seconds;
    this.seconds = seconds;
    if (this.value === null || passed <= 0) {
      this.value ??= value;
      return this.value;
    }
    const speed = (value - this.value) / passed;
    this.speed += share(SPEED_CUTOFF, passed) * (speed - this.speed);
    const cutoff = this.minCutoff + this.slope * Math.abs(this.speed);
    this.value += share(cutoff, passed) * (value - this.value);
    return this.value;
  }
}

/** How much of a step is taken at once: the paper's equation 5. */
function share(cutoff: number, passed: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoff * passed));
}
