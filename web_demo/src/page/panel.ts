/** Expressions as buttons, controls as sliders in groups. */

import type { Schema, Values } from "../controls";
import { build } from "./elements";
import { groupControls, spell } from "./groups";
import { buildPair, buildSlider, type Shown } from "./slider";
import { onLanguage, sayOr } from "./words";

/**
 * Fills two elements with what shows and changes `values`.
 *
 * `values` holds a number for each control; as they are now, they are at rest.
 * `onChange` hears of what the viewer chose, after it is in `values`.
 */
export function buildPanel(
  schema: Schema,
  values: Record<string, number>,
  expressions: HTMLElement,
  groups: HTMLElement,
  onChange: (chosen: Values) => void,
) {
  const rest: Values = { ...values };
  const shown: Shown[] = [];

  function change(chosen: Values) {
    Object.assign(values, chosen);
    for (const { show } of shown) show(values);
    onChange(chosen);
  }

  for (const [name, expression] of Object.entries(schema.expressions)) {
    const chip = buildChip(name, { ...rest, ...expression }, change);
    expressions.append(chip.element);
    shown.push(chip);
  }
  for (const { title, rows, isOpen } of groupControls(schema)) {
    const group = build("details", "group");
    group.open = isOpen;
    const summary = build("summary");
    onLanguage(() => {
      summary.textContent = sayOr(`group_${title}`, spell(title));
    });
    group.append(summary);
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
  for (const { show } of shown) show(values);
}

function buildChip(
  name: string,
  expression: Values,
  onInput: (values: Values) => void,
): Shown {
  const element = build("button", "chip");
  element.type = "button";
  element.dataset.expression = name;
  onLanguage(() => {
    element.textContent = sayOr(`expression_${name}`, spell(name));
  });
  element.addEventListener("click", () => onInput(expression));
  function show(values: Values) {
    const names = Object.keys(expression);
    const isShown = names.every((name) => values[name] === expression[name]);
    element.setAttribute("aria-pressed", String(isShown));
  }
  return { element, show };
}
