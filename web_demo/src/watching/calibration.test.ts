import { expect, test } from "vitest";
import { Calibration, fromRest, type Reading, Resting, restOf } from "./calibration";

// A head that looks straight ahead from 40 cm.
const MATRIX = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, -40, 1];
const reading = (seconds: number, scores: Record<string, number>): Reading => ({
  seconds,
  scores,
  matrix: MATRIX,
});

test("what a second shows nearly always is how a face rests", () => {
  const calibration = new Calibration();
  // An open mouth that shuts now and then, and one blink.
  const scores = [0.25, 0.3, 0.0, 0.25, 0.0, 0.3].map((jawOpen) => ({
    jawOpen,
    eyeSquintLeft: 0.5,
    eyeLookInLeft: jawOpen,
  }));
  const rests = scores.map((one, index) => calibration.add(reading(index / 5, one)));
  expect(rests.slice(0, 5)).toEqual([null, null, null, null, null]);
  expect(rests[5]?.scores).toEqual({
    jawOpen: 0,
    eyeSquintLeft: 0.5,
    eyeLookInLeft: 0.25,
  });
});

test("who smiled at first relaxes, and who smiles later goes on smiling", () => {
  const resting = new Resting(restOf([reading(0, { mouthSmileLeft: 0.5 })]));
  const smileFor = (score: number, start: number, length: number) => {
    let value = 0;
    for (let seconds = start; seconds < start + length; seconds += 0.04) {
      const now = reading(seconds, { mouthSmileLeft: score });
      value = fromRest(now, resting.next(now)).mouthSmileLeft ?? Number.NaN;
    }
    return value;
  };
  expect(smileFor(0.5, 0, 2)).toBe(0);
  expect(smileFor(0, 2, 6)).toBe(0);
  expect(smileFor(0.5, 8, 1)).toBeGreaterThan(0.45);
  expect(smileFor(0, 9, 4)).toBe(0);
  const relaxed = new Resting(restOf([reading(0, { mouthSmileLeft: 0.01 })]));
  for (let seconds = 0; seconds < 60; seconds += 0.04) {
    const { scores } = relaxed.next(reading(seconds, { mouthSmileLeft: 0.5 }));
    expect(scores.mouthSmileLeft).toBe(0.01);
  }
});

test("a machine that is slow takes longer", () => {
  const calibration = new Calibration();
  expect(calibration.add(reading(0, {}))).toBeNull();
  expect(calibration.add(reading(3, {}))).toBeNull();
});

test("rest becomes nothing, and a whole expression stays whole", () => {
  const rest = restOf([reading(0, { eyeSquintLeft: 0.5, mouthPucker: 0.95 })]);
  const values = (eyeSquintLeft: number) =>
    fromRest(reading(1, { eyeSquintLeft }), rest).eyeSquintLeft;
  expect([0.3, 0.5, 0.75, 1].map(values)).toEqual([0, 0, 0.5, 1]);
  expect(rest.scores.mouthPucker).toBe(0.7);
});

test("a glance is measured both ways", () => {
  const rest = restOf([reading(0, { eyeLookInLeft: 0.25 })]);
  const { eyeLookInLeft } = fromRest(reading(1, { eyeLookInLeft: 0.125 }), rest);
  expect(eyeLookInLeft).toBe(-0.125);
});

test("a head at rest has no pose", () => {
  const rest = restOf([reading(0, {})]);
  const pose = fromRest(reading(1, {}), rest);
  for (const value of Object.values(pose)) expect(value).toBeCloseTo(0);
  expect(Object.keys(pose)).toHaveLength(6);
});

test("rest survives being kept", () => {
  const kept = JSON.parse(JSON.stringify(restOf([reading(0, { jawOpen: 0.25 })])));
  const values = fromRest(reading(9, { jawOpen: 0.25 }), kept);
  for (const value of Object.values(values)) expect(value).toBeCloseTo(0);
});
