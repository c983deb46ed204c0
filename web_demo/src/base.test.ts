import { expect, test } from "vitest";
import schema from "../../keras_anchor/assets/anchors/adam/controls.json";
import { Base } from "./base";

const { controls } = schema;

test("starts at what the anchor shows at rest", () => {
  const base = new Base(controls, { mouthPressLeft: 0.1 });
  expect(base.source(0)).toMatchObject({ mouthPressLeft: 0.1, jawOpen: 0 });
});

test("eases into what is asked for, and those left out stay", () => {
  const base = new Base(controls, {});
  base.source(0);
  base.set({ jawOpen: 0.8 });
  base.set({ headYaw: 9 });
  const first = base.source(1 / 60).jawOpen ?? 0;
  expect(first).toBeGreaterThan(0.05);
  expect(first).toBeLessThan(0.3);
  for (let tick = 2; tick < 90; tick++) base.source(tick / 60);
  expect(base.source(1.5)).toMatchObject({ jawOpen: 0.8, headYaw: 0.7 });
});

test("an hour without a frame is no jump", () => {
  const base = new Base(controls, {});
  base.source(0);
  base.set({ jawOpen: 1 });
  expect(base.source(3600).jawOpen).toBeLessThan(0.7);
});

test("what cannot be set is a plain sentence, and changes nothing", () => {
  const base = new Base(controls, {});
  expect(() => base.set({ jaw: 1, jawOpen: 1 })).toThrow(
    /Unknown controls jaw\. Known/,
  );
  expect(() => base.set({ headYaw: 1, jawOpen: Number.NaN })).toThrow(
    "Expected a number for the control jawOpen, received NaN.",
  );
  for (let tick = 0; tick < 90; tick++) base.source(tick / 60);
  expect(base.source(2)).toMatchObject({ jawOpen: 0, headYaw: 0 });
});
