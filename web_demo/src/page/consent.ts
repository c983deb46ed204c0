/** The line that says who is shown, and by whose leave. */

import type { Anchor } from "../anchor";
import { build, find } from "./elements";
import { onLanguage, say } from "./words";

export function showConsent({ synthetic, consent, licence }: Anchor) {
  onLanguage(() => {
    const who = say(synthetic ? "synthetic_person" : "real_person");
    const facts = [
      consent && !synthetic ? say("consent", { consent: spellConsent(consent) }) : "",
      licence ? say("licence", { licence }) : "",
    ].filter(Boolean);
    find("consent").replaceChildren(
      build("strong", "", say("stays")),
      say("who_is_shown", { who, facts: facts.join(" · ") }),
    );
  });
}

/** A sentence, or a record of one such as `{"by": …, "date": …}`. */
function spellConsent(consent: unknown): string {
  return typeof consent === "string"
    ? consent
    : Object.values(consent as Record<string, unknown>).join(", ");
}
