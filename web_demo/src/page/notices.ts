/** Sentences for the viewer: what happened, and what went wrong. */

import { build, buildButton, find } from "./elements";
import { type Key, say } from "./words";

// Whatever the page's own language is.
const DRIVERS_SPEAK = "en";
const SHOWN_MILLISECONDS = 5000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a sentence for a while; screen readers read it. */
export function notify(key: Key, values: Readonly<Record<string, string>> = {}) {
  showNotice(say(key, values));
}

function showNotice(text: string) {
  const notice = find("notice");
  notice.textContent = text;
  notice.classList.remove("wrong");
  notice.removeAttribute("lang");
  clearTimeout(timer);
  timer = setTimeout(() => {
    notice.textContent = "";
  }, SHOWN_MILLISECONDS);
}

/** Shows what went wrong until something else happens; the page goes on. */
export function complain(error: unknown) {
  console.warn(error);
  showNotice(textOf(error));
  find("notice").classList.add("wrong");
  find("notice").lang = DRIVERS_SPEAK;
  clearTimeout(timer);
}

/** Does what may fail, with the button busy meanwhile. */
export async function attempt(button: HTMLElement | null, action: () => Promise<void>) {
  button?.setAttribute("aria-busy", "true");
  try {
    await action();
  } catch (error) {
    complain(error);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/** Covers the stage with what ended everything, and ways on. */
export function fail(error: unknown, ways: readonly (Node | string)[] = []) {
  console.error(error);
  document.body.dataset.state = "failed";
  const again = buildButton("try_again", "primary");
  again.addEventListener("click", () => location.reload());
  const sentence = build("p", "", textOf(error));
  sentence.lang = DRIVERS_SPEAK;
  find("failure").replaceChildren(
    sentence,
    build("div", "actions", again),
    build("div", "ways", ...ways),
  );
}

export function showProgress(text: string, share: number) {
  const element = find("progress-text");
  // A screen reader need not hear every per cent.
  if (element.textContent !== text) element.textContent = text;
  find<HTMLProgressElement>("progress").value = share;
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text || say("unknown_failure");
}
