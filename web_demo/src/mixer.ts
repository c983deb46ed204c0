/** Several sources move one anchor: who decides what, and how they fade. */

import { buildCombine } from "./combine";
import { type Control, clip, type Values } from "./controls";
import { Layer } from "./layer";

/**
 * What a source decides.
 *
 * `base`: what there is where nobody else decides. `person`: everything but what is
 * added; the newest lies on top, and what it leaves out is neutral. `offset`: is added,
 * such as breathing and blinking, but to what a person decides: who blinks before a
 * camera has blinked. `mouth`: is added to the person, whose smile, frown and pressed
 * lips yield to it. `all`: everything, and nothing is added.
 */
export type Role = "base" | "offset" | "mouth" | "person" | "all";

/** Controls at a time in seconds, by `performance.now() / 1000`; null for nothing. */
export type Source = (seconds: number) => Values | null;

export const FADE_SECONDS = 0.25;
// Longer pauses, such as a hidden page, do not count as time passed.
const MAX_STEP_SECONDS = 0.1;

export class Mixer {
  private layers: Layer[] = [];
  private previous: number | null = null;
  private readonly indices: ReadonlyMap<string, number>;
  private readonly neutral: Float64Array;
  private readonly combine: (person: Float64Array, mouth: Float64Array) => void;

  constructor(private readonly controls: readonly Control[]) {
    this.indices = new Map(controls.map(({ name }, index) => [name, index]));
    this.neutral = Float64Array.from(controls, ({ neutral }) => neutral);
    this.combine = buildCombine(controls);
  }

  /**
   * Lets a source take part; what is returned takes it out again, fading.
   *
   * A source that returns null fades out too, and in again when it returns controls.
   */
  add(source: Source, role: Role, fadeSeconds = FADE_SECONDS): () => void {
    const removal = new AbortController();
    this.layers.push(new Layer(source, role, fadeSeconds, removal));
    return () => removal.abort();
  }

  /**
   * What everybody together asks for, within the ranges.
   *
   * Throws where a source fails or names no control; it is taken out then, so that it
   * is told once.
   */
  values(seconds: number): Record<string, number> {
    const passed = seconds - (this.previous ?? seconds);
    this.previous = seconds;
    this.advance(seconds, Math.min(Math.max(passed, 0), MAX_STEP_SECONDS));
    const person = this.neutral.slice();
    const mouth = new Float64Array(person.length);
    const decided = new Float64Array(person.length);
    this.cover("base", person);
    this.cover("person", person, decided);
    this.sum("offset", person, decided);
    this.sum("mouth", mouth);
    this.combine(person, mouth);
    this.cover("all", person);
    const values: Record<string, number> = {};
    for (const [index, control] of this.controls.entries()) {
      values[control.name] = clip(control, person[index] ?? control.neutral);
    }
    return values;
  }

  private advance(seconds: number, passed: number) {
    const errors: unknown[] = [];
    this.layers = this.layers.flatMap((layer) => {
      // What falls silent fades out, and what it says next is a layer of its own, or
      // the old values would jump to the new ones.
      const next = this.ask(layer, seconds, errors) ? [layer.renew()] : [];
      layer.advance(passed);
      return layer.isOver ? next : [layer, ...next];
    });
    if (errors.length) throw errors[0];
  }

  /** Returns whether the layer fell silent. */
  private ask(layer: Layer, seconds: number, errors: unknown[]): boolean {
    try {
      const values = layer.ask(seconds);
      return layer.hold(values && this.unpack(values));
    } catch (error) {
      layer.end();
      errors.push(error);
      return false;
    }
  }

  /** Not a number where nothing was said. */
  private unpack(values: Values): Float64Array {
    const vector = new Float64Array(this.controls.length).fill(Number.NaN);
    for (const name in values) {
      const index = this.indices.get(name);
      const value = values[name];
      if (index === undefined) {
        throw new Error(`Unknown control ${name}. Known: ${[...this.indices.keys()]}.`);
      }
      if (!Number.isFinite(value)) {
        throw new Error(
          `Expected a number for the control ${name}, received ${value}.`,
        );
      }
      vector[index] = value as number;
    }
    return vector;
  }

  /** Lays each layer of a role over what is beneath; `decided` hears what it names. */
  private cover(role: Role, vector: Float64Array, decided?: Float64Array) {
    for (const { values, share } of this.layers.filter((one) => one.role === role)) {
      if (!values) continue;
      for (let index = 0; index < vector.length; index++) {
        const value = values[index] as number;
        const isSaid = !Number.isNaN(value);
        const aim = isSaid ? value : (this.neutral[index] as number);
        vector[index] = mix(vector[index] as number, aim, share);
        if (decided) decided[index] = mix(decided[index] as number, +isSaid, share);
      }
    }
  }

  /** Adds each layer of a role, but to what is `decided`. */
  private sum(role: Role, vector: Float64Array, decided?: Float64Array) {
    for (const { values, share } of this.layers.filter((one) => one.role === role)) {
      if (!values) continue;
      for (let index = 0; index < vector.length; index++) {
        const value = values[index] as number;
        const part = share * (1 - (decided?.[index] ?? 0));
        if (!Number.isNaN(value))
          vector[index] = (vector[index] as number) + part * value;
      }
    }
  }
}

function mix(from: number, to: number, share: number): number {
  return from + share * (to - from);
}
