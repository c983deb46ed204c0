import { expect, test } from "vitest";
import schema from "../../../keras_anchor/assets/anchors/adam/controls.json";
import { Idle, loadIdle } from "./idle";

const controls = [{ name: "breath", low: -1, high: 1, neutral: 0.5, help: "" }];
const performance = { fps: 10, names: ["breath"], controls: [[0.5], [1], [0]] };

test("moves linearly between frames, as an offset from neutral", () => {
  const idle = new Idle(performance, controls);
  expect(idle.at(0).breath).toBe(0);
  expect(idle.at(0.05).breath).toBeCloseTo(0.25);
});

test("the end leads into the beginning", () => {
  const idle = new Idle(performance, controls);
  expect(idle.at(0.25).breath).toBeCloseTo(-0.25);
  expect(idle.at(0.35).breath).toBeCloseTo(idle.at(0.05).breath as number);
});

test("controls that the anchor does not know are left out", () => {
  const names = ["sneeze", "breath"];
  const idle = new Idle({ ...performance, names, controls: [[1, 0.75]] }, controls);
  expect(idle.at(0)).toEqual({ breath: 0.25 });
});

test("the package's own loop breathes and blinks, lips shut, without a jump", async () => {
  const loop = await loadIdle();
  const idle = new Idle(loop, schema.controls);
  const frames = Array.from({ length: 800 }, (_, index) => idle.at(index / 25));
  const all = (name: string) => frames.map((values) => values[name] ?? 0);
  expect(Math.max(...all("breath"))).toBeGreaterThan(0.9);
  expect(all("eyeBlinkLeft").filter((lid) => lid > 0.95).length).toBeGreaterThan(3);
  const names = Object.keys(frames[0] ?? {});
  expect(names.filter((name) => /^(jaw|mouth(?!Smile)|tongue)/.test(name))).toEqual([]);
  const yaw = all("headYaw");
  const steps = yaw.map((angle, index) => Math.abs(angle - (yaw[index - 1] ?? angle)));
  expect(Math.max(...steps)).toBeLessThan(0.005);
});
