import { expect, test } from "vitest";
import schema from "../../../keras_anchor/assets/anchors/adam/controls.json";
import type { Values } from "../controls";
import { measureEnvelope } from "./beats";
import cases from "./cases/visemes.json";
import { moods, Speaking } from "./performing";
import type { Cue } from "./person";
import type { Phoneme } from "./visemes";

const PARTING = /^(jaw|mouthFunnel|mouthLowerDown|mouthUpperUp|mouthClose|tongue)/;
const known = new Set(schema.controls.map(({ name }) => name));
const phonemes: Phoneme[] = (cases[0]?.phonemes ?? []).map(([start, end, symbol]) => ({
  start: Number(start),
  end: Number(end),
  symbol: String(symbol),
}));
const seconds = phonemes.at(-1)?.end ?? 0;

function watch(source: (seconds: number) => Values, from: number, to: number) {
  const size = Math.round((to - from) * 100);
  return Array.from({ length: size }, (_, index) => source(from + index / 100));
}

function largestStep(frames: readonly Values[], name: string): number {
  return frames.reduce((most, frame, index) => {
    const step = (frame[name] ?? 0) - (frames[index - 1]?.[name] ?? frame[name] ?? 0);
    return Math.max(most, Math.abs(step));
  }, 0);
}

test("the mouth is the one that Python makes", () => {
  const speaking = new Speaking(schema.controls, { fps: 25 });
  const { names, controls } = speaking.speak({ phonemes }, 0);
  const jaw = names.indexOf("jawOpen");
  const wanted = cases[0]?.names.indexOf("jawOpen") ?? -1;
  for (const [index, frame] of (cases[0]?.controls ?? []).entries()) {
    expect(controls[index]?.[jaw]).toBeCloseTo(frame[wanted] ?? 0, 4);
  }
});

test.each(moods)("lips at rest stay shut in the mood %s", (mood) => {
  const speaking = new Speaking(schema.controls, { mood });
  speaking.speak({ phonemes }, 1);
  const before = [...watch(speaking.mouth, 0, 1), ...watch(speaking.person, 0, 1)];
  const during = watch(speaking.mouth, 1, 1 + seconds);
  const after = [...watch(speaking.mouth, 2 + seconds, 3 + seconds)];
  for (const frame of [...before, ...after, speaking.person(3 + seconds)]) {
    for (const [name, value] of Object.entries(frame)) {
      expect(known).toContain(name);
      if (PARTING.test(name)) expect(value).toBe(0);
    }
  }
  for (const { jawOpen = 0, mouthClose = 0 } of during) {
    expect(mouthClose).toBeLessThanOrEqual(jawOpen + 1e-9);
  }
  expect(Math.max(...during.map(({ jawOpen = 0 }) => jawOpen))).toBeGreaterThan(0.15);
});

test("the usual mood adds nothing while nobody speaks, and others add a face", () => {
  const speaking = new Speaking(schema.controls);
  for (const value of Object.values(speaking.person(0))) expect(value).toBe(0);
  speaking.feel("sad");
  expect(speaking.person(1).browInnerUp).toBeCloseTo(0.53);
  expect(speaking.person(1).mouthSmileLeft).toBeCloseTo(-0.1);
});

test("heads nod and brows rise on stresses, more so in a lively mood", () => {
  const [calm, keen] = ["serious", "excited"].map((mood) => {
    const speaking = new Speaking(schema.controls, { mood, seed: 3 });
    const rest = speaking.person(0);
    speaking.speak({ phonemes }, 0);
    const frames = watch(speaking.person, 0, seconds);
    return ["headPitch", "browInnerUp"].map((name) =>
      Math.max(
        ...frames.map((frame) => Math.abs((frame[name] ?? 0) - (rest[name] ?? 0))),
      ),
    );
  });
  expect(calm?.[0]).toBeGreaterThan(0.005);
  expect(keen?.[0]).toBeGreaterThan(calm?.[0] ?? 0);
  expect(keen?.[1]).toBeGreaterThan(calm?.[1] ?? 0);
});

test("nods are where the voice is loud", () => {
  const sound = new Float32Array(16000 * 3);
  sound.fill(0.1, 8000, 40000).fill(0.8, 24000, 28000);
  const speaking = new Speaking(schema.controls);
  const envelope = measureEnvelope(sound, 16000);
  const vowel = { symbol: "ˈa", start: 0, end: 0 };
  const spoken = Array.from({ length: 15 }, (_, index) => ({
    ...vowel,
    start: index / 5,
    end: (index + 1) / 5,
  }));
  speaking.speak({ phonemes: spoken, envelope }, 0);
  const frames = watch(speaking.person, 1.3, 2.2);
  const pitches = frames.map(({ headPitch = 0 }) => headPitch);
  const lowest = 1.3 + pitches.indexOf(Math.min(...pitches)) / 100;
  expect(Math.abs(lowest - 1.66)).toBeLessThan(0.25);
});

test("cues are followed: a nod, a look that returns, a mood", () => {
  const speaking = new Speaking(schema.controls);
  const cues: Cue[] = [
    { seconds: 0.2, kind: "nod", value: "" },
    { seconds: 1, kind: "look", value: "left" },
    { seconds: 1, kind: "mood", value: "friendly" },
  ];
  speaking.speak({ phonemes: [{ symbol: "", start: 0, end: 5 }] }, 10, cues);
  expect(speaking.person(10.45).headPitch).toBeCloseTo(-0.075);
  expect(speaking.person(12).headYaw).toBeCloseTo(0.135);
  expect(speaking.person(12).eyeLookOutLeft).toBeGreaterThan(0.3);
  expect(speaking.person(12).mouthSmileLeft).toBeCloseTo(0.34);
  expect(speaking.person(14).headYaw ?? 0).toBeCloseTo(0);
  const wrong = { seconds: 0, kind: "jump", value: "" };
  expect(() => speaking.speak({ phonemes }, 20, [wrong])).toThrow(/jump.*Known: mood/);
});

test("what is interrupted shuts its mouth without a jump", () => {
  const speaking = new Speaking(schema.controls);
  speaking.speak({ phonemes }, 0);
  const open = cases[0]?.phonemes.find(([, , symbol]) => symbol === "ˈuː")?.[0] ?? 1;
  const first = watch(speaking.mouth, 0, Number(open));
  speaking.hush();
  const rest = watch(speaking.mouth, Number(open), Number(open) + 0.3);
  expect(largestStep([...first, ...rest], "mouthPucker")).toBeLessThan(0.12);
  for (const value of Object.values(rest.at(-1) ?? {})) expect(value).toBeCloseTo(0);
});

test("a speech that is timed anew while it is heard goes on without a jump", () => {
  const speaking = new Speaking(schema.controls);
  speaking.speak({ phonemes }, 0);
  const first = watch(speaking.mouth, 0, 1);
  const later = phonemes.map(({ symbol, start, end }) => ({
    symbol,
    start: 1.1 * start,
    end: 1.1 * end,
  }));
  speaking.speak({ phonemes: later }, 0);
  const frames = [...first, ...watch(speaking.mouth, 1, 1.5)];
  expect(largestStep(frames, "jawOpen")).toBeLessThan(0.06);
  const alone = new Speaking(schema.controls);
  alone.speak({ phonemes: later }, 0);
  expect(frames.at(-1)?.jawOpen).toBeCloseTo(alone.mouth(1.49).jawOpen ?? 0);
});

test("a keen mood, and more openness, open the mouth wider", () => {
  const widest = (options: { mood?: string; openness?: number }) => {
    const { names, controls } = new Speaking(schema.controls, options).speak(
      { phonemes },
      0,
    );
    return Math.max(...controls.map((frame) => frame[names.indexOf("jawOpen")] ?? 0));
  };
  expect(widest({ mood: "excited" }) / widest({})).toBeCloseTo(1.15);
  expect(widest({ openness: 1.5 }) / widest({})).toBeCloseTo(1.5);
});

test("a speech that is timed anew nods no more than before", () => {
  const nod = (numTimes: number) => {
    const speaking = new Speaking(schema.controls);
    for (let time = 0; time < numTimes; time++) speaking.speak({ phonemes }, 1);
    const pitches = watch(speaking.person, 1, 4).map(({ headPitch = 0 }) => headPitch);
    return -Math.min(...pitches);
  };
  expect(nod(20)).toBeLessThan(2 * nod(1));
});

test("an unknown mood or openness is refused", () => {
  const controls = schema.controls;
  expect(() => new Speaking(controls, { mood: "angry" })).toThrow(
    "Unknown mood 'angry'. Known: neutral, friendly, serious, excited, sad.",
  );
  expect(() => new Speaking(controls, { openness: 4 })).toThrow(/from 0 to 3, .* 4/);
  expect(() => new Speaking(controls).feel("angry")).toThrow(/Unknown mood/);
});
