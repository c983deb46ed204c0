import { expect, test } from "vitest";
import schema from "../../keras_anchor/assets/anchors/adam/controls.json";
import cases from "./cases/mixing.json";
import type { Values } from "./controls";
import { Mixer, type Role } from "./mixer";

const { controls } = schema;
const STEP = 1 / 60;

/** Runs a mixer for a while and returns what it says at the end. */
function run(mixer: Mixer, from = 0, seconds = 1) {
  let values = mixer.values(from);
  for (let time = from; time < from + seconds; time += STEP) {
    values = mixer.values(time + STEP);
  }
  return values;
}

test("nobody asks for anything: neutral", () => {
  const expected = Object.fromEntries(controls.map((one) => [one.name, one.neutral]));
  expect(new Mixer(controls).values(5)).toEqual(expected);
});

test("the newest person lies on top, and those beneath come back", () => {
  const mixer = new Mixer(controls);
  mixer.add(() => ({ jawOpen: 0.2, headYaw: 0.3 }), "person", 0);
  expect(mixer.values(0)).toMatchObject({ jawOpen: 0.2, headYaw: 0.3 });
  const remove = mixer.add(() => ({ jawOpen: 0.8 }), "person");
  expect(run(mixer)).toMatchObject({ jawOpen: 0.8, headYaw: 0 });
  remove();
  expect(run(mixer, 1)).toMatchObject({ jawOpen: 0.2, headYaw: 0.3 });
});

test("offsets are added to the base, not to what a person decides, nor to all", () => {
  const mixer = new Mixer(controls);
  mixer.add(() => ({ jawOpen: 0.2 }), "base", 0);
  mixer.add(() => ({ jawOpen: 0.1, breath: 0.5 }), "offset", 0);
  expect(mixer.values(0)).toMatchObject({ jawOpen: expect.closeTo(0.3), breath: 0.5 });
  const remove = mixer.add(() => ({ jawOpen: 0.4 }), "person", 0);
  expect(mixer.values(0)).toMatchObject({ jawOpen: expect.closeTo(0.4), breath: 0.5 });
  remove();
  mixer.add(() => ({ jawOpen: 0.4 }), "all", 0);
  expect(mixer.values(0)).toMatchObject({ jawOpen: 0.4, breath: 0 });
});

test("a smile, a frown and pressed lips yield to the mouth", () => {
  const mixer = new Mixer(controls);
  const person = { mouthSmileLeft: 0.5, mouthFrownLeft: 0.4, mouthPressLeft: 0.4 };
  mixer.add(() => person, "person", 0);
  mixer.add(() => ({ mouthFunnel: 0.6, jawOpen: 0.08 }), "mouth", 0);
  const values = mixer.values(0);
  expect(values.mouthSmileLeft).toBeCloseTo(0.2);
  expect(values.mouthFrownLeft).toBeCloseTo(0.2);
  expect(values.mouthPressLeft).toBeCloseTo(0);
});

test.each(cases)("a mouth joins a person as in Python, case %#", (one) => {
  const mixer = new Mixer(controls);
  mixer.add(() => one.person as Values, "person", 0);
  mixer.add(() => one.mouth as Values, "mouth", 0);
  const values = mixer.values(0);
  for (const { name } of controls) {
    const expected = (one.both as Values)[name] ?? 0;
    expect(values[name], name).toBeCloseTo(expected, 5);
  }
});

test("what is asked for stays within the ranges", () => {
  const mixer = new Mixer(controls);
  mixer.add(() => ({ jawOpen: 4, headYaw: -4 }), "all", 0);
  expect(mixer.values(0)).toMatchObject({ jawOpen: 1, headYaw: -0.7 });
});

test("a removed source fades out from what it said last", () => {
  const mixer = new Mixer(controls);
  let jawOpen = 0.8;
  const remove = mixer.add(() => ({ jawOpen }), "person");
  run(mixer);
  remove();
  jawOpen = 0;
  const shown = [1, 2, 3, 4].map((tick) => mixer.values(1 + tick / 16).jawOpen ?? 0);
  for (const [index, share] of [0.84375, 0.5, 0.15625, 0].entries()) {
    expect(shown[index]).toBeCloseTo(0.8 * share, 1);
  }
});

test("a source that falls silent fades, and comes back without a jump", () => {
  const mixer = new Mixer(controls);
  let said: { jawOpen: number } | null = { jawOpen: 0.9 };
  mixer.add(() => said, "person");
  run(mixer);
  said = null;
  const before = mixer.values(1.1).jawOpen ?? 0;
  expect(before).toBeLessThan(0.9);
  said = { jawOpen: 0 };
  expect(mixer.values(1.1 + STEP).jawOpen).toBeGreaterThan(before - 0.2);
  said = { jawOpen: 0.6 };
  expect(run(mixer, 2).jawOpen).toBeCloseTo(0.6);
});

test("an unknown control is told once, naming those there are", () => {
  const mixer = new Mixer(controls);
  mixer.add(() => ({ jawOpen: 0.5 }), "person", 0);
  mixer.add(() => ({ jaw: 1 }), "person", 0);
  expect(() => mixer.values(0)).toThrow(/Unknown control jaw\. Known: eyeBlinkLeft,/);
  expect(mixer.values(STEP).jawOpen).toBe(0.5);
});

test("a number that is none is told once", () => {
  const mixer = new Mixer(controls);
  mixer.add(() => ({ jawOpen: Number.NaN }), "offset", 0);
  expect(() => mixer.values(0)).toThrow(
    "a number for the control jawOpen, received NaN",
  );
  expect(mixer.values(STEP).jawOpen).toBe(0);
});

test("an hour without a frame is no jump", () => {
  const mixer = new Mixer(controls);
  mixer.add(() => ({ jawOpen: 0 }), "person", 0);
  mixer.values(0);
  mixer.add(() => ({ jawOpen: 1 }), "person", 0.5);
  expect(mixer.values(3600).jawOpen).toBeLessThan(0.2);
});

test("nothing jumps, whoever comes and goes", () => {
  const random = seeded(7);
  const mixer = new Mixer(controls);
  const removals: (() => void)[] = [];
  const comeOrGo = () => {
    if (removals.length < 6 && random() < 0.5) {
      const role = pick(random, ROLES);
      removals.push(mixer.add(wander(random, role), role, 0.4));
    } else removals.splice(Math.floor(random() * removals.length), 1)[0]?.();
  };
  const jumps: string[] = [];
  let last = mixer.values(0);
  for (let tick = 1; tick < 6000; tick++) {
    // A change each 0.4 s on average, sometimes several within one fade.
    if (random() < 1 / 24) comeOrGo();
    const values = mixer.values(tick * STEP);
    for (const { name, low, high } of controls) {
      const moved = Math.abs((values[name] ?? 0) - (last[name] ?? 0)) / (high - low);
      const largest = YIELDING.test(name) ? LARGEST_YIELD : LARGEST_STEP;
      if (moved >= largest) jumps.push(`${name} moved ${moved} at ${tick}`);
    }
    last = values;
  }
  expect(jumps).toEqual([]);
});

const ROLES: Role[] = ["person", "offset", "mouth", "all"];
// Four fades of 0.4 s at once, each at most 1.5 / (60 * 0.4) a step.
const LARGEST_STEP = 0.2;
// What yields to a mouth is gone when its jaw has opened by 0.08.
const YIELDING = /^mouth(Press|Shrug|Frown)/;
const LARGEST_YIELD = 0.2 + (0.3 * 1.5) / (60 * 0.4 * 0.08);

/** A source that moves slowly, and says nothing at times. */
function wander(random: () => number, role: Role) {
  const size = role === "mouth" ? 0.3 : 1;
  const centres = controls.map(
    ({ low, high }) => size * (low + random() * (high - low)),
  );
  const phase = random() * 9;
  return (seconds: number) => {
    if (Math.sin(seconds * 1.7 + phase) > 0.8) return null;
    const sway = 0.9 + 0.1 * Math.sin(seconds + phase);
    return Object.fromEntries(
      controls.map(({ name }, index) => [name, sway * (centres[index] ?? 0)]),
    );
  };
}

function pick<T>(random: () => number, items: readonly [T, ...T[]] | T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Numerical Recipes' generator: the same numbers each time. */
function seeded(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
