/** Expressions for a moment, by a key or a touch on the stage. */

import type { Values } from "../controls";
import type { VirtualAnchor } from "../virtual_anchor";
import { build } from "./elements";
import { spell } from "./groups";
import { onLanguage, sayOr } from "./words";

const SHOWN_SECONDS = 1.5;
const FADE_SECONDS = 0.2;
const NUM_KEYS = 9;

export interface Emotes {
  /** `1` is the first one. */
  press(key: string): boolean;
}

export function buildEmotes(anchor: VirtualAnchor, bar: HTMLElement): Emotes {
  const { neutral } = anchor.info;
  const expressions = Object.entries(anchor.schema.expressions)
    .filter(([, values]) => Object.keys(values).length)
    .slice(0, NUM_KEYS);
  let remove = () => {};

  function show(expression: Values) {
    remove();
    const values = { ...neutral, ...expression };
    const end = performance.now() / 1000 + SHOWN_SECONDS;
    const source = (seconds: number) => (seconds < end ? values : null);
    const removeThis = anchor.mixer.add(source, "person", FADE_SECONDS);
    const timer = setTimeout(removeThis, 1000 * SHOWN_SECONDS);
    remove = () => {
      clearTimeout(timer);
      removeThis();
    };
  }

  const buttons = expressions.map(([name, values], index) => {
    const label = build("span");
    const button = build("button", "emote", build("kbd", "", String(index + 1)), label);
    button.type = "button";
    button.dataset.emote = name;
    onLanguage(() => {
      label.textContent = sayOr(`expression_${name}`, spell(name));
    });
    button.setAttribute("aria-keyshortcuts", String(index + 1));
    button.addEventListener("click", () => show(values));
    return button;
  });
  bar.replaceChildren(...buttons);
  return {
    press(key) {
      const expression = expressions[Number(key) - 1];
      if (expression) show(expression[1]);
      return expression !== undefined;
    },
  };
}
