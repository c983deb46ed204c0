/** What shows behind an anchor with alpha: a studio, a checker, or a colour. */

import { build } from "./elements";

const COLOURS = { White: "#ffffff", Black: "#101114", Green: "#00b140" };

/** Fills `bar` with a button for each background of `stage`. */
export function buildBackgrounds(stage: HTMLElement, bar: HTMLElement) {
  const buttons: HTMLElement[] = [];

  function choose(button: HTMLElement, name: string, colour = "") {
    stage.dataset.background = name;
    stage.style.setProperty("--colour", colour);
    for (const other of buttons) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  }

  function add(label: string, name: string, colour = "") {
    const button = build("button", "swatch");
    button.type = "button";
    button.title = label;
    button.setAttribute("aria-label", `Background: ${label}`);
    button.dataset.background = name;
    button.style.setProperty("--colour", colour);
    button.addEventListener("click", () => choose(button, name, colour));
    buttons.push(button);
    bar.append(button);
    return button;
  }

  const studio = add("Studio", "studio");
  add("Transparent", "checker");
  for (const [label, colour] of Object.entries(COLOURS)) add(label, "colour", colour);
  bar.append(buildPicker((picker) => choose(picker, "colour", picker.value), buttons));
  choose(studio, "studio");
}

function buildPicker(
  onInput: (picker: HTMLInputElement) => void,
  buttons: HTMLElement[],
): HTMLElement {
  const picker = build("input", "swatch");
  picker.type = "color";
  picker.value = "#7c5cff";
  picker.title = "Any colour";
  picker.setAttribute("aria-label", "Background: any colour");
  picker.addEventListener("input", () => onInput(picker));
  buttons.push(picker);
  return picker;
}
