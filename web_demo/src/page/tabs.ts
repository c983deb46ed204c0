/** Tabs, of which one sheet shows; arrow keys go from tab to tab. */

import { build, worded } from "./elements";
import { buildIcon, type Icon } from "./icons";
import type { Key } from "./words";

export interface Sheet {
  readonly name: Icon;
  readonly element: HTMLElement;
}

export class Tabs {
  private readonly buttons: HTMLButtonElement[];

  constructor(
    bar: HTMLElement,
    private readonly sheets: readonly Sheet[],
  ) {
    this.buttons = sheets.map((sheet) => this.buildTab(sheet));
    bar.replaceChildren(...this.buttons);
    bar.addEventListener("keydown", (event) => this.move(event));
    this.show(sheets[0]?.name ?? "speak");
  }

  show(name: Icon) {
    for (const [index, sheet] of this.sheets.entries()) {
      const isShown = sheet.name === name;
      const button = this.buttons[index];
      button?.setAttribute("aria-selected", String(isShown));
      if (button) button.tabIndex = isShown ? 0 : -1;
      sheet.element.hidden = !isShown;
    }
  }

  private buildTab({ name, element }: Sheet): HTMLButtonElement {
    const button = build("button", "tab", buildIcon(name));
    button.append(worded("span", "", `tab_${name}` as Key));
    button.type = "button";
    button.id = `tab-${name}`;
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", `sheet-${name}`);
    button.addEventListener("click", () => this.show(name));
    element.id = `sheet-${name}`;
    element.classList.add("sheet");
    element.setAttribute("role", "tabpanel");
    element.setAttribute("aria-labelledby", button.id);
    return button;
  }

  private move(event: KeyboardEvent) {
    const index = this.buttons.indexOf(document.activeElement as HTMLButtonElement);
    const last = this.buttons.length - 1;
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: index === last ? 0 : index + 1,
      ArrowLeft: index === 0 ? last : index - 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    const sheet = target === undefined ? undefined : this.sheets[target];
    if (target === undefined || !sheet || index < 0) return;
    event.preventDefault();
    this.show(sheet.name);
    this.buttons[target]?.focus();
  }
}
