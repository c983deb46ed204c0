/** What a row of sliders is called: in data where there is some, else by its name. */

import file from "../../../keras_anchor/assets/control_labels.json";
import type { Control } from "../controls";
import type { Row } from "./groups";
import { currentLanguage, type Language, NAMES, say } from "./words";

export interface Label {
  readonly text: string;
  /** As `lang` calls it. */
  readonly language: string;
}

type Entry = readonly [label: string, help: string];
const LABELS = file as unknown as Partial<Record<Language, Record<string, Entry>>>;

/** A row's label; a control that the data does not know keeps its English name. */
export function labelRow({ stem, label }: Row): Label {
  const known = find(stem);
  return known
    ? { text: known[0], language: NAMES[currentLanguage()] }
    : { text: label, language: NAMES.en };
}

/** The label of one side of a row. */
export function labelSide(row: Row, { name }: Control): Label {
  const { text, language } = labelRow(row);
  const key = name.endsWith("Left") ? "left_of" : "right_of";
  return { text: say(key, { label: text }), language };
}

/** What each control of a row does, a line for each. */
export function explainRow({ stem, controls }: Row): string {
  const help = find(stem)?.[1];
  return controls
    .map((control) =>
      say("control_help", { name: control.name, help: help ?? control.help }),
    )
    .join("\n");
}

function find(stem: string): Entry | undefined {
  return LABELS[currentLanguage()]?.[stem];
}
