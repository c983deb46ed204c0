/** Sliders: one for a control, or one for both sides that splits into two. */

import type { Values } from "../controls";
import { explainRow, labelRow, labelSide } from "./control_labels";
import { build } from "./elements";
import type { Row } from "./groups";
import { onLanguage, say } from "./words";

/** Hears of values that the viewer chose. */
export type OnInput = (values: Values) => void;

export interface Shown {
  readonly element: HTMLElement;
  /** Shows the values as they are now. */
  show(values: Values): void;
}

/** A slider that moves all of `controls`; a double click takes them back to `rest`. */
export function buildSlider(
  row: Row,
  rest: Values,
  onInput: OnInput,
  readLabel = () => labelRow(row),
): Shown {
  const { controls } = row;
  const { low, high, neutral } = controls[0];
  const names = controls.map(({ name }) => name);
  const element = build("label", "slider");
  const output = build("output");
  const range = build("input");
  range.type = "range";
  range.min = String(low);
  range.max = String(high);
  range.step = "any";
  range.dataset.controls = names.join(" ");
  const name = build("span");
  onLanguage(() => {
    const { text, language } = readLabel();
    name.textContent = text;
    name.lang = language;
    element.title = explainRow(row);
  });
  element.append(name, range, output);
  range.addEventListener("input", () => {
    onInput(assign(names, () => range.valueAsNumber));
  });
  range.addEventListener("dblclick", () => {
    onInput(assign(names, (name) => rest[name] ?? neutral));
  });
  const percent = (value: number) => `${(100 * (value - low)) / (high - low)}%`;

  function show(values: Values) {
    const value = mean(names, values);
    range.value = String(value);
    output.textContent = value.toFixed(2).replace("-", "−");
    range.style.setProperty("--from", percent(Math.min(value, neutral)));
    range.style.setProperty("--to", percent(Math.max(value, neutral)));
  }

  return { element, show };
}

/** A slider for both sides and a button that shows one for each instead. */
export function buildPair(row: Row, rest: Values, onInput: OnInput): Shown {
  const names = row.controls.map(({ name }) => name);
  const shared = buildSlider(row, rest, onInput);
  const sides = row.controls.map((control) =>
    buildSlider({ ...row, controls: [control] }, rest, onInput, () =>
      labelSide(row, control),
    ),
  );
  const element = build("div", "pair");
  const button = build("button", "split");
  button.type = "button";
  onLanguage(() => {
    button.textContent = say("sides");
    button.title = say("split");
    const { text } = labelRow(row);
    button.setAttribute(
      "aria-label",
      say("split_label", { sides: say("sides"), label: text, split: say("split") }),
    );
  });
  element.append(button, shared.element, ...sides.map((side) => side.element));
  let values: Values = rest;

  function split(isSplit: boolean) {
    button.setAttribute("aria-pressed", String(isSplit));
    shared.element.hidden = isSplit;
    for (const side of sides) side.element.hidden = !isSplit;
  }

  button.addEventListener("click", () => {
    const isSplit = button.getAttribute("aria-pressed") !== "true";
    split(isSplit);
    if (!isSplit) onInput(assign(names, () => mean(names, values)));
  });

  function show(newValues: Values) {
    values = newValues;
    if (new Set(names.map((name) => values[name])).size > 1) split(true);
    for (const slider of [shared, ...sides]) slider.show(values);
  }

  split(false);
  return { element, show };
}

function assign(names: readonly string[], value: (name: string) => number): Values {
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

function mean(names: readonly string[], values: Values): number {
  return names.reduce((sum, name) => sum + (values[name] ?? 0), 0) / names.length;
}
