/** A performance: controls over time, and its CSV, the same as Python's. */

import { type Control, clip, type Schema } from "./controls";
import { parseCsv } from "./csv";

const [MIN_FPS, MAX_FPS] = [1, 240];
// What Live Link Face records.
const DEFAULT_FPS = 60;
const SKIPPED = new Set(["timecode", "blendShapeCount", "blendshapeCount", "seconds"]);

export interface Performance {
  readonly fps: number;
  readonly names: readonly string[];
  /** `controls[frame][column]`, one column for each of `names`. */
  readonly controls: readonly (readonly number[])[];
}

/** How long it lasts, in seconds. */
export function lengthOf({ fps, controls }: Performance): number {
  return controls.length / fps;
}

/** Controls at a time, linear between frames; the first and last frame go on for ever. */
export function sample(
  { fps, names, controls }: Performance,
  seconds: number,
): Record<string, number> {
  const last = controls.length - 1;
  // A frame shows the middle of its time.
  const position = Math.min(Math.max(seconds * fps - 0.5, 0), last);
  const index = Math.floor(position);
  const share = position - index;
  const before = controls[index] ?? [];
  const after = controls[index + 1] ?? before;
  const values: Record<string, number> = {};
  for (const [column, name] of names.entries()) {
    const from = before[column];
    if (from !== undefined) {
      values[name] = from + share * ((after[column] ?? from) - from);
    }
  }
  return values;
}

/**
 * Reads a CSV with a header of control names, in any order.
 *
 * Recordings of Live Link Face load as they are: their names start with a capital, and
 * they have columns that are skipped. Frames a second follow from the column `seconds`.
 *
 * `name` is what errors call the file.
 */
export function readCsv(text: string, schema: Schema, name = "The CSV"): Performance {
  const [head, ...rows] = parseCsv(text, name);
  if (!head || !rows.length) {
    throw new Error(
      `${name} has no rows: expected a header and one row a frame. Received ` +
        `${head ? "a header alone" : "nothing"}.`,
    );
  }
  const columns = findColumns(head, schema, name);
  const controls = rows.map((row) =>
    columns.map(({ index, control }) => clip(control, number(row[index], name))),
  );
  const fps = findFps(head.map(normalize).indexOf("seconds"), rows, name);
  return { fps, names: columns.map(({ control }) => control.name), controls };
}

/** The CSV of a performance, every control of the schema a column. */
export function writeCsv(performance: Performance, schema: Schema): string {
  checkPerformance(performance, schema);
  const { fps, names, controls } = performance;
  const columns = schema.controls.map(({ name }) => names.indexOf(name));
  const header = ["seconds", ...schema.controls.map(({ name }) => name)];
  const rows = controls.map((frame, index) => [
    (index / fps).toFixed(4),
    ...schema.controls.map((control, column) =>
      format(frame[columns[column] ?? -1] ?? control.neutral),
    ),
  ]);
  return [header, ...rows].map((row) => `${row}\r\n`).join("");
}

/** Throws an error where a performance is not one, such as one read from JSON. */
export function checkPerformance(performance: Performance, schema: Schema) {
  const { fps, names, controls } = performance;
  if (!Array.isArray(names) || !Array.isArray(controls)) {
    throw new Error(
      "Expected a performance, `{fps, names, controls}`, or the text of a CSV, " +
        `received ${JSON.stringify(performance)?.slice(0, 60)}.`,
    );
  }
  checkFps(fps);
  const known = schema.controls.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length) {
    throw new Error(
      `The performance has unknown controls ${unknown.join(", ")}. Known: ${known.join(", ")}.`,
    );
  }
  const isRow = (row: readonly number[]) =>
    row.length === names.length && row.every(Number.isFinite);
  const wrong = controls.findIndex((row) => !isRow(row));
  if (wrong >= 0) {
    throw new Error(
      `Expected ${names.length} numbers a frame, one for each control, received ` +
        `${JSON.stringify(controls[wrong])?.slice(0, 60)} at frame ${wrong}.`,
    );
  }
}

function findColumns(head: readonly string[], { controls }: Schema, file: string) {
  const known = new Map(controls.map((control) => [control.name, control]));
  const taken = head
    .map((cell, index) => ({ index, label: cell.trim(), name: normalize(cell) }))
    .filter(({ name }) => !SKIPPED.has(name) && !/^(left|right)Eye/.test(name));
  const columns = taken.flatMap(({ index, name }) => {
    const control: Control | undefined = known.get(name);
    return control ? [{ index, control }] : [];
  });
  if (columns.length < taken.length) {
    const unknown = taken.filter(({ name }) => !known.has(name));
    throw new Error(
      `${file} has unknown controls ${unknown.map(({ label }) => label).join(", ")}. ` +
        `Known: ${[...known.keys()].join(", ")}.`,
    );
  }
  const names = taken.map(({ name }) => name);
  const isTwice = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
  const twice = taken.filter(({ name }) => isTwice(name)).map(({ label }) => label);
  if (twice.length) {
    throw new Error(
      `${file} has more than one column of the controls ${twice.sort()}.`,
    );
  }
  return columns;
}

function findFps(column: number, rows: readonly string[][], file: string): number {
  if (column < 0) return DEFAULT_FPS;
  const times = rows.map((row) => number(row[column], file));
  const passed = (times.at(-1) ?? 0) - (times[0] ?? 0);
  if (passed <= 0) return DEFAULT_FPS;
  const fps = (times.length - 1) / passed;
  const isWhole = Math.abs(fps - Math.round(fps)) <= 0.01;
  const rounded = isWhole ? Math.round(fps) : Math.round(fps * 100) / 100;
  checkFps(rounded, ` in ${file}`);
  return rounded;
}

function checkFps(fps: number, source = "") {
  if (!(fps >= MIN_FPS && fps <= MAX_FPS)) {
    throw new Error(
      `Expected ${MIN_FPS} to ${MAX_FPS} frames a second${source}, received ${fps}.`,
    );
  }
}

function normalize(cell: string): string {
  const name = cell.trim();
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function number(cell: string | undefined, file: string): number {
  const text = cell?.trim();
  const value = text ? Number(text) : Number.NaN;
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text ?? "")) {
    throw new Error(`${file} holds numbers that are not finite.`);
  }
  if (!Number.isFinite(value)) {
    const received = text === undefined ? "too few numbers" : `\`${text}\``;
    throw new Error(`${file} holds a row that is not numbers: ${received}.`);
  }
  return value;
}

/** Five digits, as Python's `.5g` writes them. */
function format(value: number): string {
  const rounded = Number(value.toPrecision(5));
  const isTiny = rounded !== 0 && Math.abs(rounded) < 1e-4;
  return isTiny ? rounded.toExponential().replace(/-(\d)$/, "-0$1") : String(rounded);
}
