/** The table of visemes, `visemes.json` of the package: what sounds look like. */

import file from "../../../keras_anchor/drive/visemes.json";
import type { Control } from "../controls";

/** What of a mouth moves together. */
export type Group = "jaw" | "round" | "lips";

interface Entry {
  readonly controls: Readonly<Record<string, number>>;
  readonly dominance: Readonly<Record<Group, number>>;
  readonly seal?: number;
}

export interface Viseme {
  /** A number for each column of the table. */
  readonly shape: Float64Array;
  /** How strongly it insists on its shape, 0 to 1. */
  readonly dominance: Readonly<Record<Group, number>>;
  /** What is left open where lips always meet, else null. */
  readonly seal: number | null;
}

const GROUPS: Readonly<Record<Group, RegExp>> = {
  jaw: /^jaw/,
  round: /^mouth(Funnel|Pucker)/,
  lips: /^(?!mouthFunnel|mouthPucker)(mouth|cheek|tongue)/,
};
const STRESS = /^[ˈˌ]+/;

export class VisemeTable {
  /** The controls that sounds move, where the anchor knows them. */
  readonly columns: readonly Control[];
  readonly groups: readonly (readonly [Group, readonly number[]])[];
  readonly rest: Viseme;
  private readonly visemes: ReadonlyMap<string, Viseme>;
  private readonly phonemes: ReadonlyMap<string, readonly string[]>;
  private readonly longest: number;

  /** `controls` are those of an anchor's schema; what it lacks is left out. */
  constructor(controls: readonly Control[]) {
    const known = new Set(controls.map(({ name }) => name));
    const entries: [string, Entry][] = Object.entries(file.visemes);
    const used = new Set(entries.flatMap(([, entry]) => listNames(entry, known)));
    this.columns = controls.filter(({ name }) => used.has(name) || isClose(name));
    this.groups = (Object.keys(GROUPS) as Group[]).map((group) => [
      group,
      this.find((name) => GROUPS[group].test(name)),
    ]);
    this.visemes = new Map(
      entries.map(([name, entry]) => [name, this.read(entry, known)]),
    );
    this.rest = this.get("rest");
    this.phonemes = new Map(
      Object.entries(file.phonemes).map(([symbol, names]) => [
        symbol,
        names.split(" "),
      ]),
    );
    this.longest = Math.max(...[...this.phonemes.keys()].map(({ length }) => length));
  }

  /** Columns whose control's name fits. */
  find(fits: (name: string) => boolean): number[] {
    return this.columns.flatMap(({ name }, column) => (fits(name) ? [column] : []));
  }

  /**
   * The visemes of one phoneme, in order: `ˈaɪ` is a, i.
   *
   * Marks of stress, length and tone have no shape, nor have letters that the table
   * lacks: the mouth goes on to what comes next.
   */
  split(symbol: string): Viseme[] {
    const visemes: Viseme[] = [];
    let left = symbol.replace(STRESS, "");
    while (left) {
      let length = Math.min(this.longest, left.length);
      while (length > 1 && !this.phonemes.has(left.slice(0, length))) length -= 1;
      const names = this.phonemes.get(left.slice(0, length)) ?? [];
      visemes.push(...names.map((name) => this.get(name)));
      left = left.slice(length);
    }
    return visemes;
  }

  private get(name: string): Viseme {
    const viseme = this.visemes.get(name);
    if (!viseme) throw new Error(`visemes.json has no viseme ${name}. Add it.`);
    return viseme;
  }

  private read(entry: Entry, known: ReadonlySet<string>): Viseme {
    const shape = Float64Array.from(this.columns, ({ neutral }) => neutral);
    for (const [name, value] of Object.entries(entry.controls)) {
      for (const side of spellSides(name, known)) {
        const column = this.columns.findIndex((control) => control.name === side);
        if (column >= 0) shape[column] = value;
      }
    }
    return { shape, dominance: entry.dominance, seal: entry.seal ?? null };
  }
}

/** A name without side stands for both. */
export function spellSides(name: string, known: ReadonlySet<string>): string[] {
  return known.has(`${name}Left`) ? [`${name}Left`, `${name}Right`] : [name];
}

function listNames({ controls }: Entry, known: ReadonlySet<string>): string[] {
  return Object.keys(controls).flatMap((name) => spellSides(name, known));
}

/** What shuts lips over an open jaw. */
export function isClose(name: string): boolean {
  return name === "mouthClose";
}
