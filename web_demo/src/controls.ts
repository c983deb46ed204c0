/** The control schema an anchor was exported with: `controls.json`, as Python wrote it. */

export interface Control {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly neutral: number;
  readonly help: string;
}

/** Numbers by control name; a control that is left out is neutral. */
export type Values = Readonly<Record<string, number>>;

export interface Schema {
  readonly version: number;
  readonly controls: readonly Control[];
  readonly expressions: Readonly<Record<string, Values>>;
}

/** Turns `{name: number}` into the vector the generator takes, neutral if left out. */
export function pack(controls: readonly Control[], values: Values): Float32Array {
  checkNames(controls, Object.keys(values));
  return Float32Array.from(controls, (control) =>
    clip(control, values[control.name] ?? control.neutral),
  );
}

/** Throws an error if any of `names` is no control. */
export function checkNames(controls: readonly Control[], names: readonly string[]) {
  const known = new Set(controls.map((control) => control.name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length) {
    throw new Error(`Unknown controls ${unknown}. Known: ${[...known]}.`);
  }
}

export function clip({ low, high }: Control, value: number): number {
  return Math.min(Math.max(value, low), high);
}
