import { expect, test } from "vitest";
import schema from "../../keras_anchor/assets/anchors/adam/controls.json";
import cases from "./cases/performances.json";
import { readCsv, sample, writeCsv } from "./performance";

test("a frame shows the middle of its time, linear between, and the ends go on", () => {
  const performance = { fps: 10, names: ["jawOpen"], controls: [[0], [1], [0.5]] };
  const at = (seconds: number) => sample(performance, seconds).jawOpen;
  expect([at(-5), at(0), at(0.05), at(0.25), at(9)]).toEqual([0, 0, 0, 0.5, 0.5]);
  expect(at(0.1)).toBeCloseTo(0.5);
  expect(at(0.225)).toBeCloseTo(0.625);
});

test("an empty performance says nothing", () => {
  expect(sample({ fps: 25, names: ["jawOpen"], controls: [] }, 1)).toEqual({});
});

test("what was written is read again", () => {
  const controls = Array.from({ length: 30 }, (_, frame) => [frame / 30, -frame / 100]);
  const performance = { fps: 29.97, names: ["jawOpen", "headYaw"], controls };
  const { fps, names, controls: read } = readCsv(writeCsv(performance, schema), schema);
  expect(fps).toBe(29.97);
  expect(names).toEqual(schema.controls.map(({ name }) => name));
  const [jaw, yaw] = ["jawOpen", "headYaw"].map((name) => names.indexOf(name));
  for (const [frame, [open, turned]] of controls.entries()) {
    expect(read[frame]?.[jaw ?? 0]).toBeCloseTo(open ?? 0, 4);
    expect(read[frame]?.[yaw ?? 0]).toBeCloseTo(turned ?? 0, 4);
  }
});

const names = schema.controls.map(({ name }) => name);

test.each(cases)("writes what Python writes, at $fps fps", ({ csv, fps, controls }) => {
  expect(writeCsv({ fps, names, controls }, schema)).toBe(csv);
});

test.each(cases)(
  "reads what Python wrote, at $fps fps",
  ({ csv, read_fps, controls }) => {
    const performance = readCsv(csv, schema);
    expect(performance.fps).toBe(read_fps);
    expect(performance.names).toEqual(names);
    const differences = performance.controls.flatMap((row, frame) =>
      row.map((value, column) => Math.abs(value - (controls[frame]?.[column] ?? 9))),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  },
);

test("Live Link Face's recordings load as they are", () => {
  const text =
    "\ufeffTimecode,BlendShapeCount,JawOpen,LeftEyeYaw,HeadYaw\r\n" +
    '"00:00:01:02.5",61,0.5,0.1,0.2\r\n\r\n00:00:01:03.5,61,1.5,0.1,9\r\n';
  expect(readCsv(text, schema)).toEqual({
    fps: 60,
    names: ["jawOpen", "headYaw"],
    controls: [
      [0.5, 0.2],
      [1, 0.7],
    ],
  });
});

test("frames a second follow from the seconds", () => {
  const text = "seconds,jawOpen\n0.0000,0\n0.0333,0\n0.0667,0\n0.1000,0\n";
  expect(readCsv(text, schema).fps).toBe(30);
});

test.each([
  ["", /The CSV has no rows: expected a header and one row a frame/],
  ["jawOpen\n", /has no rows/],
  ["jaw,jawOpen\n0,0\n", /unknown controls jaw\. Known: eyeBlinkLeft,/],
  ["jawOpen,JawOpen\n0,0\n", /more than one column of the controls JawOpen,jawOpen/],
  ["jawOpen,headYaw\n0\n", /holds a row that is not numbers: too few numbers/],
  ["jawOpen\nwide\n", /holds a row that is not numbers: `wide`/],
  ["jawOpen\nnan\n", /holds numbers that are not finite/],
  ["seconds,jawOpen\n0,0\n5,0\n", /Expected 1 to 240 frames a second in The CSV, re/],
  ["PK\u0000\u0000\n", /is no CSV\. Expected text: control names/],
])("a bad CSV is a plain sentence: %j", (text, expected) => {
  expect(() => readCsv(text, schema)).toThrow(expected);
});

test.each([
  [{ fps: 25, names: ["jaw"], controls: [[0]] }, /unknown controls jaw\. Known:/],
  [{ fps: 0, names: [], controls: [] }, /Expected 1 to 240 frames a second/],
  [{ fps: 25, names: ["jawOpen"], controls: [[0, 1]] }, /1 numbers a frame.*\[0,1\]/],
  [{ fps: 25 } as never, /Expected a performance, `{fps, names, controls}`/],
])("what is no performance is not written: %j", (performance, expected) => {
  expect(() => writeCsv(performance, schema)).toThrow(expected);
});
