/** Moods, `moods.json` of the package, and how one turns into another. */

import file from "../../../keras_anchor/drive/moods.json";
import type { Control, Values } from "../controls";
import { smoothstep } from "../smoothstep";
import { spellSides } from "./viseme_table";

export interface Mood {
  /** The face at rest, lips shut; names without side mean both. */
  readonly expression: Values;
  /** How large nods are, 1 for a calm newsreader; likewise the others. */
  readonly nod: number;
  readonly sway: number;
  readonly brow_rise: number;
  readonly brow_share: number;
  readonly gaze: number;
  /** How far the mouth opens, and how fast it speaks: 1.1 is a tenth faster. */
  readonly openness: number;
  readonly pace: number;
}

const MOODS: ReadonlyMap<string, Mood> = new Map(Object.entries(file.moods));
// Seconds in which a mood changes.
const CHANGE_SECONDS = 0.5;

/** Names of moods; the first is the usual one. */
export const moods: readonly string[] = [...MOODS.keys()];

export function findMood(name: string): Mood {
  const mood = MOODS.get(name);
  if (!mood) throw new Error(`Unknown mood '${name}'. Known: ${moods.join(", ")}.`);
  return mood;
}

/** The face at rest of a mood, of controls that the anchor has. */
export function findExpression(name: string, known: ReadonlySet<string>): Values {
  const sides = Object.entries(findMood(name).expression).flatMap(([control, value]) =>
    spellSides(control, known).map((side): [string, number] => [side, value]),
  );
  return Object.fromEntries(sides.filter(([side]) => known.has(side)));
}

interface Change {
  readonly seconds: number;
  readonly mood: Mood;
  readonly expression: Values;
}

/** Which mood when: it changes at a time, in about half a second. */
export class MoodTimeline {
  private changes: Change[] = [];
  private readonly known: ReadonlySet<string>;

  constructor(controls: readonly Control[], name: string) {
    this.known = new Set(controls.map((control) => control.name));
    this.change(-Infinity, name);
  }

  change(seconds: number, name: string) {
    const expression = findExpression(name, this.known);
    this.changes.push({ seconds, mood: findMood(name), expression });
    this.changes.sort((a, b) => a.seconds - b.seconds);
  }

  /** Drops changes that would begin later. */
  forget(seconds: number) {
    this.changes = this.changes.filter((change) => change.seconds <= seconds);
  }

  /** A number of the moods at a time. */
  number(seconds: number, read: (mood: Mood) => number): number {
    return this.blend(seconds, ({ mood }) => read(mood));
  }

  /** The face at rest at a time. */
  expression(seconds: number): Record<string, number> {
    const names = this.changes.flatMap((change) => Object.keys(change.expression));
    return Object.fromEntries(
      [...new Set(names)].map((name) => [
        name,
        this.blend(seconds, ({ expression }) => expression[name] ?? 0),
      ]),
    );
  }

  private blend(seconds: number, read: (change: Change) => number): number {
    return this.changes.reduce((value, change) => {
      const since = (seconds - change.seconds) / CHANGE_SECONDS;
      return value + smoothstep(since) * (read(change) - value);
    }, 0);
  }

  /** Drops what later moods have replaced. */
  dropPast(seconds: number) {
    const over = this.changes.filter(
      (change) => change.seconds + CHANGE_SECONDS < seconds,
    );
    this.changes = this.changes.slice(Math.max(0, over.length - 1));
  }
}
