import { describe, expect, test } from "vitest";
import cases from "./cases.json";
import { mirror } from "./mirror";
import { headOf, relativePose } from "./pose";
import { bend, bendLids, Reach } from "./reach";

describe("as Python does", () => {
  test.each(cases.bends)("bends $arguments", ({ arguments: asked, value }) => {
    const [from = 0, reach = 0, high = 0, maxGain = 0] = asked;
    expect(bend(from, reach, high, maxGain)).toBeCloseTo(value, 9);
  });

  test.each(cases.lids)("moves lids $arguments", ({ arguments: asked, value }) => {
    const [from = 0, closure = 0, high = 0] = asked;
    expect(bendLids(from, closure, high)).toBeCloseTo(value, 9);
  });

  test.each(cases.poses)("reads a pose off two matrices", ({ rest, now, controls }) => {
    const pose: Record<string, number> = relativePose(headOf(now), headOf(rest));
    for (const [name, value] of Object.entries(controls)) {
      // A frame's width is rounded here.
      expect(pose[name]).toBeCloseTo(value, 3);
    }
  });

  test("mirrors", () => {
    const { seen, mirrored } = cases.mirrored;
    expect(mirror(seen)).toEqual(mirrored);
  });
});

test("a reach is the farthest seen, and fades when it was a mistake", () => {
  const reach = new Reach();
  expect(reach.see(0.3, 0)).toBe(0.3);
  expect(reach.see(0.9, 1)).toBe(0.9);
  expect(reach.see(0.2, 2)).toBeGreaterThan(0.88);
  expect(reach.see(0.2, 121)).toBeCloseTo(0.225);
});
