import { expect, test } from "vitest";
import { type Hop, HopCutter } from "./hops";

const [RATE, HOP] = [16000, 160];

function cut(sound: Float32Array, rate: number, firstFrame: number): Hop[] {
  const cutter = new HopCutter(rate, RATE, HOP);
  const hops: Hop[] = [];
  for (let start = 0; start < sound.length; start += 128) {
    hops.push(...cutter.push(sound.subarray(start, start + 128), firstFrame + start));
  }
  return hops;
}

test.each([16000, 44100, 48000])(
  "at %i Hz a click is in the hop of its time",
  (rate) => {
    const [firstFrame, click] = [3 * rate, Math.round(0.4267 * rate)];
    const sound = new Float32Array(rate);
    sound[click] = 1;
    const hops = cut(sound, rate, firstFrame);
    const samples = hops.flatMap((hop) => [...hop.sound]);
    const loudest = samples.indexOf(Math.max(...samples));
    const first = (hops[0]?.end ?? 0) - HOP / RATE;
    expect(first + loudest / RATE).toBeCloseTo((firstFrame + click) / rate, 3);
  },
);

test("hops end every 10 ms", () => {
  const ends = cut(new Float32Array(44100), 44100, 0).map(({ end }) => end);
  expect(ends.length).toBeGreaterThanOrEqual(99);
  ends.forEach((end, index) => {
    expect(end).toBeCloseTo(0.01 * (index + 1), 9);
  });
});

test("after a gap the times are right again", () => {
  const cutter = new HopCutter(RATE, RATE, HOP);
  cutter.push(new Float32Array(200), 0);
  const [hop] = cutter.push(new Float32Array(200), 16000);
  expect(hop?.end).toBeCloseTo(1.01, 9);
});
