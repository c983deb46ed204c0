/** Sentences for the viewer: what happened, and what went wrong. */

import { build, buildButton, find } from "./elements";
import { type Key, onLanguage, say, sayError } from "./words";

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
  const { text, language } = sayError(error);
  showNotice(text);
  find("notice").classList.add("wrong");
  find("notice").lang = language;
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
export function fail(error: unknown, buildWays: () => readonly (Node | string)[]) {
  console.error(error);
  document.body.dataset.state = "failed";
  const again = buildButton("try_again", "primary");
  again.addEventListener("click", () => location.reload());
  const sentence = build("p");
  const ways = build("div", "ways");
  onLanguage(() => {
    const { text, language } = sayError(error);
    sentence.textContent = text;
    sentence.lang = language;
    ways.replaceChildren(...buildWays());
  });
  find("failure").replaceChildren(sentence, build("div", "actions", again), ways);
}

export function showProgress(text: string, share: number) {
  const element = find("progress-text");
  // A screen reader need not hear every per cent.
  if (element.textContent !== text) element.textContent = text;
  find<HTMLProgressElement>("progress").value = share;
}
