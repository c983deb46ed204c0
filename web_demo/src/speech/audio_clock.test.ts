import { expect, test } from "vitest";
import { AudioClock } from "./audio_clock";

/** A context that began at 100 seconds and is heard 0.04 seconds late. */
function makeContext() {
  const context = {
    baseLatency: 0.01,
    outputLatency: 0.04,
    currentTime: 5,
    started: 100,
    stamped: true,
    getOutputTimestamp: () =>
      context.stamped
        ? {
            contextTime: context.currentTime - 0.04,
            performanceTime: 1000 * (context.started + context.currentTime),
          }
        : { contextTime: 0, performanceTime: 0 },
  };
  return context;
}

test("tells when sound is heard, and back", () => {
  const clock = new AudioClock(makeContext(), () => 105);
  expect(clock.heardAt(5)).toBeCloseTo(105.04);
  expect(clock.contextTime(clock.heardAt(7))).toBeCloseTo(7);
  expect(clock.latency).toBeCloseTo(0.04);
});

test("guesses from the latency before anything was heard", () => {
  const context = makeContext();
  context.stamped = false;
  expect(new AudioClock(context, () => 105).heardAt(5)).toBeCloseTo(105.04);
});

test("does not believe a stamp that lies ahead", () => {
  const context = makeContext();
  // WebKitGTK counts the context's time twice.
  context.started += context.currentTime;
  expect(new AudioClock(context, () => 105).heardAt(5)).toBeCloseTo(105.04);
});

test("does not tremble with the measurements, but follows them and a jump", () => {
  const context = makeContext();
  let now = 105;
  const clock = new AudioClock(context, () => now);
  clock.heardAt(0);
  context.started = 100.01;
  now += 0.004;
  expect(Math.abs(clock.heardAt(0) - 100.04)).toBeLessThan(0.001);
  now += 1;
  expect(clock.heardAt(0)).toBeCloseTo(100.05);
  context.started = 110;
  now += 10;
  expect(clock.heardAt(0)).toBeCloseTo(110.04);
});
