import { expect, test, vi } from "vitest";
import type { Control } from "../controls";
import { refusalOf } from "./camera";
import { keepToOrigin } from "./own_origin";
import { Presence } from "./presence";

const CONTROLS: Control[] = [
  { name: "headScale", low: -1, high: 1, neutral: 0.5, help: "" },
];
const STEP = 1 / 60;

/** What is asked for at each picture of a screen. */
function ask(presence: Presence, start: number, end: number) {
  const values = [];
  for (let seconds = start; seconds < end; seconds += STEP) {
    values.push(presence.values(seconds)?.headScale ?? null);
  }
  return values;
}

test("a face that is gone for a moment is held", () => {
  const presence = new Presence(CONTROLS);
  expect(presence.values(0)).toBeNull();
  presence.show({ headScale: 1 }, 0);
  expect(new Set(ask(presence, 0, 0.4))).toEqual(new Set([1]));
});

test("a face that is gone for longer eases to neutral, then leaves", () => {
  const presence = new Presence(CONTROLS);
  presence.show({ headScale: 1 }, 0);
  const values = ask(presence, 0, 1.1);
  const steps = values
    .slice(1)
    .map((value, index) => (values[index] ?? 0.5) - (value ?? 0.5));
  expect(Math.max(...steps)).toBeLessThan(0.05);
  expect(values.filter((value) => value !== null).at(-1)).toBe(0.5);
  expect(values.at(-1)).toBeNull();
});

test("a face that comes back while it leaves does not jump", () => {
  const presence = new Presence(CONTROLS);
  presence.show({ headScale: 1 }, 0);
  const before = ask(presence, 0, 0.75).at(-1) ?? 0;
  presence.show({ headScale: 1 }, 0.75);
  const after = ask(presence, 0.75, 1.2);
  expect((after[0] ?? 0) - before).toBeLessThan(0.05);
  expect(after.at(-1)).toBe(1);
});

test.each([
  ["NotAllowedError", /Allow it/],
  ["NotFoundError", /Plug one in/],
  ["NotReadableError", /another program/],
  ["OverconstrainedError", /No camera was found/],
  ["StrangeError", /cannot be opened \(odd\)/],
])("%s is a sentence with a way on", (name, sentence) => {
  expect(refusalOf(Object.assign(new Error("odd"), { name })).message).toMatch(
    sentence,
  );
});

test("requests stay at home", async () => {
  const send = vi.fn(async () => new Response("here"));
  const guarded = keepToOrigin(send, "https://home.example");
  await expect(guarded("https://odml.pa.googleapis.com/v1/log")).rejects.toThrow(
    /Refused to reach https:\/\/odml/,
  );
  await expect(guarded(new Request("http://home.example/"))).rejects.toThrow(/Refused/);
  expect(send).not.toHaveBeenCalled();
  await guarded("/tracker/face_landmarker.task");
  await guarded(new URL("https://home.example/mediapipe/file.wasm"));
  expect(send).toHaveBeenCalledTimes(2);
});
