/** A page with nothing but the camera, for `e2e/watching.mjs`. */

import { Watcher } from "../../src/watching/watcher";

const load = async (name) => (await fetch(`anchor/${name}`)).json();
const [{ controls }, { ranges }] = await Promise.all([
  load("controls.json"),
  load("anchor.json"),
]);
const states = [];
const errors = [];
window.watcher = new Watcher(
  { version: 1, controls, expressions: {} },
  {
    ranges,
    onState: (state) => states.push(state),
    onError: ({ message }) => errors.push(message),
  },
);
window.states = states;
window.errors = errors;
document.body.append(window.watcher.video);
document.body.dataset.state = "ready";
