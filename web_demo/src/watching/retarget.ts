/** A tracked face, measured from its rest, on somebody else's face: frame by frame. */

import { type Control, clip } from "../controls";
import { OneEuro } from "./one_euro";
import { bend, bendLids, Reach } from "./reach";

/** `[low, usual, high]` by control, as far as an anchor's take went. */
export type Ranges = Readonly<Record<string, readonly number[]>>;

type Move = (seen: Seen) => void;

// In shares of a control's range. Chosen on a tracked presenter: a still face trembles
// by less than a hundredth, a blink is a picture late.
const MIN_CUTOFF = 1;
const SLOPE = 8;
// Lids that nobody saw shut: from where on they count as shut. Trackers read .3 to .9
// off shut eyes, and not the same off left and right.
const LEAST_CLOSURE = 0.35;
// Shifts are half the camera's doing.
const DAMPED = new Set(["headX", "headY", "headScale"]);
const DAMPING = 0.7;
const OPPOSITES: Readonly<Record<string, string>> = { Out: "In", Up: "Down" };

/** Controls of one picture, on their way. */
interface Seen {
  readonly seconds: number;
  readonly values: Readonly<Record<string, number>>;
  readonly moved: Record<string, number>;
}

/**
 * Fits what a driver shows to what an anchor can.
 *
 * As `retarget` of the Python package, but without the future: how far a driver goes
 * is learned on the way.
 */
export class Retarget {
  private readonly filters = new Map<string, OneEuro>();
  private readonly moves: readonly Move[];
  private readonly known: ReadonlyMap<string, Control>;

  constructor(
    controls: readonly Control[],
    private readonly ranges: Ranges = {},
  ) {
    this.known = new Map(controls.map((control) => [control.name, control]));
    this.moves = controls.flatMap((control) => this.moveOf(control) ?? []);
  }

  /** Controls that the anchor knows; `values` are measured from the driver's rest. */
  next(values: Readonly<Record<string, number>>, seconds: number) {
    const smooth: Record<string, number> = {};
    for (const [name, value] of Object.entries(values)) {
      const control = this.known.get(name);
      if (control) smooth[name] = this.smooth(control, value, seconds);
    }
    const seen: Seen = { seconds, values: smooth, moved: {} };
    for (const move of this.moves) move(seen);
    return seen.moved;
  }

  private smooth(control: Control, value: number, seconds: number): number {
    const { name, low, high } = control;
    const filter =
      this.filters.get(name) ?? new OneEuro(MIN_CUTOFF, SLOPE / (high - low));
    this.filters.set(name, filter);
    return filter.next(value, seconds);
  }

  private moveOf(control: Control): Move | null {
    const { name, low } = control;
    const gaze = /^eyeLook(Out|Up|In|Down)(.*)$/.exec(name);
    if (gaze) {
      const opposite = OPPOSITES[gaze[1] ?? ""];
      const other = this.known.get(`eyeLook${opposite}${gaze[2]}`);
      return opposite && other ? this.moveGaze(control, other) : null;
    }
    if (name === "mouthClose") return this.moveShutLips(control);
    if (name.startsWith("eyeBlink")) return this.moveLids(control);
    return low < 0 ? this.movePose(control) : this.moveShape(control);
  }

  /** Moves an expression up from 0. */
  private moveShape(control: Control): Move {
    const reach = new Reach();
    const { high } = this.rangeOf(control);
    return alone(control, (value, seconds) =>
      bend(value, reach.see(value, seconds), high),
    );
  }

  /** Moves a blink: however far shut is for the driver, the anchor's lids shut. */
  private moveLids(control: Control): Move {
    const reach = new Reach();
    const { high } = this.rangeOf(control);
    return alone(control, (value, seconds) => {
      const closure = Math.max(reach.see(value, seconds), LEAST_CLOSURE);
      return bendLids(value, closure, high);
    });
  }

  /** Keeps lips that are shut over an open jaw shut: they follow the jaw's curve. */
  private moveShutLips(control: Control): Move {
    const reach = new Reach();
    const { high } = this.rangeOf(control);
    const jaw = this.known.get("jawOpen");
    const jawHigh = jaw ? this.rangeOf(jaw).high : high;
    return ({ values, seconds, moved }) => {
      const { mouthClose: shut, jawOpen: open } = values;
      if (shut === undefined) return;
      const farthest = reach.see(open ?? shut, seconds);
      const value = bend(bend(shut, farthest, jawHigh), high, high);
      moved[control.name] = clip(control, value);
    };
  }

  /** Moves two controls as the axis they are the halves of. */
  private moveGaze(control: Control, other: Control): Move {
    const [up, down] = [this.rangeOf(control), this.rangeOf(other)];
    const usual = up.usual - down.usual;
    const axis = buildAxis(-down.high, usual, up.high);
    return ({ values, seconds, moved }) => {
      const [one, two] = [values[control.name], values[other.name]];
      if (one === undefined || two === undefined) return;
      const value = axis(one - two, seconds);
      moved[control.name] = clip(control, Math.max(value, 0));
      moved[other.name] = clip(other, Math.max(-value, 0));
    };
  }

  /** Moves a turn or a shift from the driver's usual one to the anchor's. */
  private movePose(control: Control): Move {
    const { low, usual, high } = this.rangeOf(control);
    const axis = buildAxis(low, usual, high, 1);
    const share = DAMPED.has(control.name) ? DAMPING : 1;
    return alone(control, (value, seconds) => axis(share * value, seconds));
  }

  private rangeOf({ name, low, neutral, high }: Control) {
    const [lowest, usual, highest] = this.ranges[name] ?? [low, neutral, high];
    if (lowest === undefined || usual === undefined || highest === undefined) {
      throw new Error(
        `Expected [low, usual, high] as the range of \`${name}\`, received ` +
          `${this.ranges[name]}. Export the anchor again.`,
      );
    }
    return { low: lowest, usual, high: highest };
  }
}

/** A move of one control that needs no other. */
function alone(
  control: Control,
  curve: (value: number, seconds: number) => number,
): Move {
  return ({ values, seconds, moved }) => {
    const value = values[control.name];
    if (value !== undefined) {
      moved[control.name] = clip(control, curve(value, seconds));
    }
  };
}

/** A curve for values with two signs, each with a range of its own. */
function buildAxis(low: number, usual: number, high: number, maxGain?: number) {
  const [up, down] = [new Reach(), new Reach()];
  return (value: number, seconds: number) => {
    const [rise, fall] = [Math.max(value, 0), Math.max(-value, 0)];
    const above = bend(rise, up.see(rise, seconds), high - usual, maxGain);
    const below = bend(fall, down.see(fall, seconds), usual - low, maxGain);
    return usual + above - below;
  };
}
