/** The sheet Face: idle life, expressions, sliders. */

import type { VirtualAnchor } from "../virtual_anchor";
import { build, buildSwitch, setLabel, worded } from "./elements";
import { notify } from "./notices";
import { buildPanel } from "./panel";

export interface Face {
  readonly element: HTMLElement;
  /** What the sliders ask for. */
  readonly wanted: Readonly<Record<string, number>>;
  switchIdle(isOn?: boolean): void;
}

export function buildFace(anchor: VirtualAnchor): Face {
  const { schema, info } = anchor;
  const entries = schema.controls.map(({ name, neutral }) => [name, neutral]);
  const wanted = { ...Object.fromEntries(entries), ...info.neutral };
  const { element: idle, input } = buildSwitch("idle", "idle_hint");
  input.id = "idle";
  const expressions = build("div", "expressions");
  expressions.setAttribute("role", "group");
  setLabel(expressions, "expressions");
  const groups = build("div", "groups");
  buildPanel(schema, wanted, expressions, groups, (chosen) => anchor.set(chosen));

  function switchIdle(isOn = !input.checked) {
    input.checked = isOn;
    anchor.idle = isOn;
    notify(isOn ? "idle_on" : "idle_off");
  }

  input.addEventListener("change", () => switchIdle(input.checked));
  input.checked = anchor.idle;
  const element = build("div", "");
  element.append(
    idle,
    worded("h2", "", "expressions"),
    expressions,
    worded("h2", "", "all_controls"),
    groups,
  );
  return { element, wanted, switchIdle };
}
