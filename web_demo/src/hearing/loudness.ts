/** Brings speech to the loudness that the network learned, as it comes. */

/** Of speech, -22 dBFS, as in Python's `listen`. */
const WANTED = 10 ** (-22 / 10);
/** The network bears 20 dB either way; more would lift the noise of a room. */
const MOST = 10;
/** Quieter hops, of the loudest lately, are pauses; and below -60 dBFS, all of them. */
const PAUSE = 0.05 ** 2;
const FLOOR = 1e-6;
/** How many hops of speech count; and how many are taken for well spoken at first. */
const NUM_COUNTED = 300;
const NUM_PRIOR = 5;
/** The loudest is forgotten: by half in seven seconds. */
const FORGOTTEN = 0.999;

export class Loudness {
  private power = WANTED;
  private count = NUM_PRIOR;
  private loudest = 0;

  /** Scales a hop, in place; returns how loud it was, root mean square. */
  level(hop: Float32Array): number {
    const power = hop.reduce((sum, sample) => sum + sample * sample, 0) / hop.length;
    this.follow(power);
    const { gain } = this;
    for (let index = 0; index < hop.length; index++) {
      hop[index] = gain * (hop[index] as number);
    }
    return Math.sqrt(power);
  }

  get gain(): number {
    const gain = Math.sqrt(WANTED / this.power);
    return Math.min(Math.max(gain, 1 / MOST), MOST);
  }

  private follow(power: number) {
    this.loudest = Math.max(FORGOTTEN * this.loudest, power);
    if (power < Math.max(PAUSE * this.loudest, FLOOR)) return;
    this.count = Math.min(this.count + 1, NUM_COUNTED);
    this.power += (power - this.power) / this.count;
  }
}
