/** Rows of sliders, found in the controls' names: `mouthSmileLeft` is a row of mouth. */

import type { Control, Schema } from "../controls";

type Members = readonly [Control, ...Control[]];

/** One slider, or a left and a right one that share it. */
export interface Row {
  /** Its name, or what the names of both sides share. */
  readonly stem: string;
  readonly label: string;
  readonly controls: Members;
}

export interface Group {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly isOpen: boolean;
}

const NUM_OPEN = 2;
const OTHER = "other";

/**
 * Groups controls by the first word of their names.
 *
 * What expressions use most comes first, groups and rows alike. The first groups start
 * open, as does the first one that moves both ways from neutral, which is how a pose
 * looks. Groups of a single row share one at the end.
 */
export function groupControls({ controls, expressions }: Schema): Group[] {
  const used = Object.values(expressions).flatMap(Object.keys);
  const uses = (members: readonly Control[]) =>
    used.filter((name) => members.some((control) => control.name === name)).length;
  const groups = [...groupBy(controls, ({ name }) => firstWord(name))]
    .sort(([, a], [, b]) => uses(b) - uses(a))
    .map(([title, members]) => ({
      title,
      rows: pairUp(title, members).sort((a, b) => uses(b.controls) - uses(a.controls)),
      isPose: members.every(({ low, neutral }) => low < neutral),
    }));
  const large = groups.filter(({ rows }) => rows.length > 1);
  const pose = large.find(({ isPose }) => isPose);
  const result: Group[] = large.map((group, index) => ({
    ...group,
    isOpen: index < NUM_OPEN || group === pose,
  }));
  const others = groups
    .filter(({ rows }) => rows.length === 1)
    .flatMap(({ rows }) => rows)
    .map((row) => ({ ...row, label: spell(commonName(row)) }));
  if (others.length) result.push({ title: OTHER, rows: others, isOpen: false });
  return result;
}

/**
 * Puts `…Left` and `…Right` into one row.
 *
 * `jawLeft` and `jawRight` stay apart: they are directions, not sides.
 */
function pairUp(title: string, controls: readonly Control[]): Row[] {
  const isSide = ({ name }: Control) => withoutSide(name) !== title;
  const key = (control: Control) =>
    isSide(control) ? withoutSide(control.name) : control.name;
  const byStem = groupBy(controls, key);
  return [...byStem].map(([stem, members]) => ({
    stem,
    label: spell(stem.slice(title.length)),
    controls: members,
  }));
}

function groupBy(
  controls: readonly Control[],
  key: (control: Control) => string,
): Map<string, Members> {
  const groups = new Map<string, Members>();
  for (const control of controls) {
    const name = key(control);
    groups.set(name, [...(groups.get(name) ?? []), control] as [Control, ...Control[]]);
  }
  return groups;
}

function commonName({ stem, controls }: Row): string {
  return controls.length > 1 ? stem : controls[0].name;
}

function withoutSide(name: string): string {
  return name.replace(/(Left|Right)$/, "");
}

function firstWord(name: string): string {
  return name.match(/^[a-z]+/)?.[0] ?? name;
}

/** `LookDown` as `Look down`. */
export function spell(name: string): string {
  const words = name.replace(
    /(?<=[a-z])[A-Z]/g,
    (letter) => ` ${letter.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
