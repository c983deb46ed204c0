/** Single keys, and the dialog that tells them. */

import { build, find, worded } from "./elements";
import type { Key } from "./words";

/** A key, as `KeyboardEvent.key` says it in lower case, and what it does. */
export interface Shortcut {
  readonly key: string;
  readonly words: Key;
  press(): void;
}

const STORED = "single_keys";
const TYPED = "textarea, select, input:not([type=checkbox], [type=range])";
// What a space presses itself.
const PRESSED = `${TYPED}, button, summary, input, a`;

/** `onDigit` hears of 1 to 9. */
export function startKeys(
  shortcuts: readonly Shortcut[],
  onDigit: (key: string) => boolean,
  signal: AbortSignal,
) {
  const dialog = find<HTMLDialogElement>("keys");
  const isOn = find<HTMLInputElement>("keys-on");
  isOn.checked = readStored() !== "0";
  isOn.addEventListener("change", () => store(isOn.checked ? "1" : "0"), { signal });
  find("help").addEventListener("click", () => dialog.showModal(), { signal });
  showKeys(shortcuts);
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
      const key = event.key.toLowerCase();
      if (key !== "escape" && !isOn.checked) return;
      const target = event.target as Element;
      const isTaken = target.matches(key === " " ? PRESSED : TYPED);
      if (isTaken && key !== "escape") return;
      if (key === "?") dialog.showModal();
      else if (/^[1-9]$/.test(key)) {
        if (!onDigit(key)) return;
      } else {
        const shortcut = shortcuts.find((one) => one.key === key);
        if (!shortcut || event.repeat) return;
        shortcut.press();
      }
      event.preventDefault();
    },
    { signal },
  );
}

function showKeys(shortcuts: readonly Shortcut[]) {
  const rows: readonly (readonly [string | Key, Key])[] = [
    ["1 – 9", "keys_emotes"],
    ...shortcuts.map(({ key, words }) => [key, words] as const),
    ["Ctrl + Enter", "keys_speak"],
    ["?", "keys_help"],
  ];
  const items = rows.flatMap(([key, words]) => {
    const name =
      key === " " ? worded("kbd", "", "keys_space") : build("kbd", "", spellKey(key));
    return [build("dt", "", name), worded("dd", "", words)];
  });
  find("key-list").replaceChildren(...items);
}

function spellKey(key: string): string {
  return key === "escape" ? "Esc" : key.length === 1 ? key.toUpperCase() : key;
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function store(value: string) {
  try {
    localStorage.setItem(STORED, value);
  } catch {
    // A browser that keeps nothing has them on again next time.
  }
}
