/** Sound at another sample rate, as it comes: what the new rate cannot hold is cut off. */

/** Zeros of the sinc on either side: 16 keep what is cut off under -70 dB. */
const NUM_ZEROS = 16;
/** Of the lower rate's band, what passes; the rest is the slope. */
const PASSED = 0.95;

export class Resampler {
  private readonly up: number;
  private readonly down: number;
  /** Samples of the input on either side of what an output sample needs. */
  private readonly reach: number;
  private readonly phases: readonly Float32Array[];
  private kept: Float32Array;
  private position = 0;
  private phase = 0;

  constructor(fromRate: number, toRate: number) {
    const divisor = findDivisor(fromRate, toRate);
    this.up = toRate / divisor;
    this.down = fromRate / divisor;
    const isSame = fromRate === toRate;
    // Of the input's rate.
    const cutoff = isSame ? 1 : (PASSED * Math.min(fromRate, toRate)) / fromRate;
    this.reach = isSame ? 1 : Math.ceil(NUM_ZEROS / cutoff);
    this.phases = Array.from({ length: this.up }, (_, phase) =>
      makePhase(phase / this.up, this.reach, cutoff),
    );
    // Silence before the first sample, so that the first output is at its time.
    this.kept = new Float32Array(this.reach - 1);
  }

  /**
   * Takes the next samples, and returns those of the new rate that they complete.
   *
   * Output number `n` of a stream is at the time of input `n * fromRate / toRate`.
   */
  push(input: Float32Array): Float32Array<ArrayBuffer> {
    const sound = new Float32Array(this.kept.length + input.length);
    sound.set(this.kept);
    sound.set(input, this.kept.length);
    const size = 2 * this.reach;
    const output = new Float32Array(
      Math.ceil(((input.length + size) * this.up) / this.down),
    );
    let count = 0;
    while (this.position + size <= sound.length) {
      output[count++] = multiply(sound, this.position, this.phases[this.phase]);
      this.phase += this.down;
      this.position += Math.floor(this.phase / this.up);
      this.phase %= this.up;
    }
    const used = Math.min(this.position, sound.length);
    this.kept = sound.slice(used);
    this.position -= used;
    return output.subarray(0, count);
  }
}

function findDivisor(one: number, other: number): number {
  return other ? findDivisor(other, one % other) : one;
}

/** Weights of the samples from `reach - 1` before to `reach` after, for one in between. */
function makePhase(share: number, reach: number, cutoff: number): Float32Array {
  const weights = Float32Array.from({ length: 2 * reach }, (_, index) => {
    const distance = index - (reach - 1) - share;
    return sinc(cutoff * distance) * window(distance / reach);
  });
  // A constant stays what it is, at every phase.
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function sinc(x: number): number {
  return x ? Math.sin(Math.PI * x) / (Math.PI * x) : 1;
}

/** Blackman's, from -1 to 1. */
function window(x: number): number {
  if (Math.abs(x) >= 1) return 0;
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}

function multiply(
  sound: Float32Array,
  start: number,
  weights: Float32Array | undefined,
): number {
  let sum = 0;
  for (let index = 0; weights && index < weights.length; index++) {
    sum += (sound[start + index] as number) * (weights[index] as number);
  }
  return sum;
}
