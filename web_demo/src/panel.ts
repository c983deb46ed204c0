/** The panel: expressions as buttons, controls as sliders in groups. */

import type { Schema, Values } from "./controls";
import { build } from "./elements";
import { groupControls, spell } from "./groups";
import { buildPair, buildSlider, type Shown } from "./slider";

/**
 * Fills two elements with what shows and changes `values`.
 *
 * `values` holds a number for each control; as they are now, they are at rest.
 */
export function buildPanel(
  schema: Schema,
  values: Record<string, number>,
  expressions: HTMLElement,
  groups: HTMLElement,
) {
  const rest: Values = { ...values };
  const shown: Shown[] = [];

  function change(chosen: Values) {
    Object.assign(values, chosen);
    for (const { show } of shown) show(values);
  }

  for (const [name, expression] of Object.entries(schema.expressions)) {
    const chip = buildChip(name, { ...rest, ...expression }, change);
    expressions.append(chip.element);
    shown.push(chip);
  }
  for (const { title, rows, isOpen } of groupControls(schema)) {
    const group = build("details", "group");
    group.open = isOpen;
    group.append(build("summary", "", spell(title)));
    for (const row of rows) {
      const made = (row.controls.length > 1 ? buildPair : buildSlider)(
        row,
        rest,
        change,
      );
      group.append(made.element);
      shown.push(made);
    }
    groups.append(group);
  }
  change({});
}

function buildChip(
  name: string,
  expression: Values,
  onInput: (values: Values) => void,
): Shown {
  const element = build("button", "chip", spell(name));
  element.type = "button";
  element.dataset.expression = name;
  element.addEventListener("click", () => onInput(expression));
  function show(values: Values) {
    const names = Object.keys(expression);
    const isShown = names.every((name) => values[name] === expression[name]);
    element.setAttribute("aria-pressed", String(isShown));
  }
  return { element, show };
}
