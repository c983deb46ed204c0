/** Elements of the page, with words that follow the viewer's language. */

import { type Key, say } from "./words";

let numIds = 0;

/** The element of `index.html` with this id. */
export function find<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no element with the id ${id}.`);
  return element as T;
}

export function build<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...children: (string | Node)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** An element that says `key`, in whatever language. */
export function worded<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  key: Key,
): HTMLElementTagNameMap[K] {
  const element = build(tag, className);
  setWords(element, key);
  return element;
}

export function setWords(element: HTMLElement, key: Key) {
  element.dataset.words = key;
  element.textContent = say(key);
}

/** Names an element for those who cannot see it. */
export function setLabel(element: HTMLElement, key: Key) {
  element.dataset.wordsLabel = key;
  element.setAttribute("aria-label", say(key));
}

export function buildButton(key: Key, className = ""): HTMLButtonElement {
  const button = worded("button", className, key);
  button.type = "button";
  return button;
}

/** A switch and its words; `hint` is read with it. */
export function buildSwitch(key: Key, hint?: Key) {
  const input = build("input");
  input.type = "checkbox";
  input.setAttribute("role", "switch");
  const label = build("label", "switch", worded("span", "", key), input);
  if (!hint) return { element: label, input };
  const element = build("div", "switch-with-hint", label);
  element.append(describe(input, hint));
  return { element, input };
}

/** A choice with its name above it. */
export function buildField<T extends HTMLElement>(key: Key, input: T) {
  const field = build("label", "field", worded("span", "field-name", key), input);
  return field;
}

/** A sentence that is read after an element's name. */
export function describe(element: HTMLElement, key: Key): HTMLElement {
  const hint = worded("p", "hint", key);
  hint.id = `hint-${numIds++}`;
  element.setAttribute("aria-describedby", hint.id);
  return hint;
}

export function buildOption(value: string, text: string): HTMLOptionElement {
  const option = build("option", "", text);
  option.value = value;
  return option;
}

/** A button that opens the viewer's files. */
export function buildFileButton(
  key: Key,
  accept: string,
  onFile: (file: File) => void,
): { button: HTMLButtonElement; input: HTMLInputElement } {
  const input = build("input");
  input.type = "file";
  input.accept = accept;
  input.hidden = true;
  const button = buildButton(key);
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    // The same file can be chosen twice.
    input.value = "";
    if (file) onFile(file);
  });
  return { button, input };
}
