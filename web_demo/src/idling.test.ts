import { afterEach, beforeEach, expect, test, vi } from "vitest";
import schema from "../../keras_anchor/assets/anchors/adam/controls.json";
import { Idling, pausable } from "./idling";
import { Mixer } from "./mixer";

const { controls } = schema;
let isReduced = false;

beforeEach(() => {
  isReduced = false;
  vi.stubGlobal("matchMedia", () => ({
    get matches() {
      return isReduced;
    },
  }));
});
afterEach(() => vi.unstubAllGlobals());

/** Controls that moved in some seconds. */
function watch(mixer: Mixer, from: number, seconds = 8) {
  const first = mixer.values(from);
  const moved = new Set<string>();
  for (let time = from; time < from + seconds; time += 1 / 25) {
    const values = mixer.values(time);
    for (const name in values) if (values[name] !== first[name]) moved.add(name);
  }
  return moved;
}

test("it breathes, blinks and sways, until it is switched off", async () => {
  const mixer = new Mixer(controls);
  const idling = new Idling(mixer, controls);
  await idling.switch(true);
  const moved = watch(mixer, 0);
  for (const name of ["breath", "eyeBlinkLeft", "headYaw"])
    expect(moved).toContain(name);
  await idling.switch(false);
  watch(mixer, 8, 1);
  expect(watch(mixer, 10).size).toBe(0);
});

test("switched on and off before it has loaded, it stays off", async () => {
  const mixer = new Mixer(controls);
  const idling = new Idling(mixer, controls);
  const loading = idling.switch(true);
  await idling.switch(false);
  await loading;
  expect(idling.isOn).toBe(false);
  expect(watch(mixer, 0).size).toBe(0);
});

test("who wants less motion sees blinks but no swaying", async () => {
  isReduced = true;
  const mixer = new Mixer(controls);
  await new Idling(mixer, controls).switch(true);
  const moved = watch(mixer, 0);
  expect(moved).toContain("eyeBlinkLeft");
  for (const name of ["headYaw", "breath", "torsoX"]) expect(moved).not.toContain(name);
});

test("after an hour without frames it goes on where it was", () => {
  const source = pausable((seconds) => ({ breath: seconds }));
  source(0);
  expect(source(0.05)).toEqual({ breath: 0.05 });
  expect(source(3600)?.breath).toBeCloseTo(0.15);
});
