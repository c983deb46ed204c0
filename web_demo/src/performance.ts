/** A performance: controls over time, and its CSV, the same as Python's. */

import { type Control, clip, type Schema } from "./controls";
import { parseCsv } from "./csv";
import { Failure, part, type Sentence } from "./failures";

/** What errors call a file. */
type FileName = string | Sentence;

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
export function readCsv(
  text: string,
  schema: Schema,
  name: FileName = part("the_csv"),
): Performance {
  const [head, ...rows] = parseCsv(text, name);
  if (!head || !rows.length) {
    const found = part(head ? "header_alone" : "nothing");
    throw new Failure("csv_no_rows", { name, found });
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
  if (!isRate(fps)) {
    throw new Error(
      `Expected ${MIN_FPS} to ${MAX_FPS} frames a second, received ${fps}.`,
    );
  }
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

function findColumns(head: readonly string[], { controls }: Schema, name: FileName) {
  const known = new Map(controls.map((control) => [control.name, control]));
  const taken = head
    .map((cell, index) => ({ index, label: cell.trim(), name: normalize(cell) }))
    .filter(({ name }) => !SKIPPED.has(name) && !/^(left|right)Eye/.test(name));
  const columns = taken.flatMap(({ index, name }) => {
    const control: Control | undefined = known.get(name);
    return control ? [{ index, control }] : [];
  });
  if (columns.length < taken.length) {
    const unknown = taken
      .filter(({ name }) => !known.has(name))
      .map(({ label }) => label)
      .join(", ");
    throw new Failure("csv_unknown", {
      name,
      unknown,
      known: [...known.keys()].join(", "),
    });
  }
  const names = taken.map(({ name }) => name);
  const isTwice = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
  const twice = taken.filter(({ name }) => isTwice(name)).map(({ label }) => label);
  if (twice.length) {
    throw new Failure("csv_twice", { name, controls: twice.sort().join() });
  }
  return columns;
}

function findFps(column: number, rows: readonly string[][], name: FileName): number {
  if (column < 0) return DEFAULT_FPS;
  const times = rows.map((row) => number(row[column], name));
  const passed = (times.at(-1) ?? 0) - (times[0] ?? 0);
  if (passed <= 0) return DEFAULT_FPS;
  const fps = (times.length - 1) / passed;
  const isWhole = Math.abs(fps - Math.round(fps)) <= 0.01;
  const rounded = isWhole ? Math.round(fps) : Math.round(fps * 100) / 100;
  if (!isRate(rounded)) {
    const [low, high] = [MIN_FPS, MAX_FPS];
    throw new Failure("csv_rate", { low, high, name, fps: rounded });
  }
  return rounded;
}

function isRate(fps: number): boolean {
  return fps >= MIN_FPS && fps <= MAX_FPS;
}

function normalize(cell: string): string {
  const name = cell.trim();
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function number(cell: string | undefined, name: FileName): number {
  const text = cell?.trim();
  const value = text ? Number(text) : Number.NaN;
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text ?? "")) {
    throw new Failure("csv_infinite", { name });
  }
  if (!Number.isFinite(value)) {
    const found = text === undefined ? part("too_few_numbers") : `\`${text}\``;
    throw new Failure("csv_no_number", { name, found });
  }
  return value;
}

/** Five digits, as Python's `.5g` writes them. */
function format(value: number): string {
  const rounded = Number(value.toPrecision(5));
  const isTiny = rounded !== 0 && Math.abs(rounded) < 1e-4;
  return isTiny ? rounded.toExponential().replace(/-(\d)$/, "-0$1") : String(rounded);
}
