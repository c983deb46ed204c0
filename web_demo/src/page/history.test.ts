import { expect, test } from "vitest";
import { History } from "./history";

test("the last seconds come back at the anchor's rate, held between frames", () => {
  const history = new History();
  history.note(10, { jawOpen: 0 });
  history.note(11, { jawOpen: 0.5 });
  history.note(11.5, { jawOpen: 1 });
  expect(history.take(12, 2, 4)).toEqual({
    fps: 4,
    names: ["jawOpen"],
    controls: [[0], [0], [0], [0], [0.5], [0.5], [1], [1]],
  });
});

test("a performance is no longer than what was shown", () => {
  const history = new History();
  history.note(10, { jawOpen: 0 });
  expect(history.take(11, 60, 4).controls).toHaveLength(4);
});

test("what is long ago is forgotten", () => {
  const history = new History();
  for (let second = 0; second < 1000; second++) history.note(second, { jawOpen: 0.5 });
  expect(history.take(1000, 1000, 1).controls.length).toBeLessThan(125);
});

test("nothing shown is a sentence", () => {
  expect(() => new History().take(1, 1, 25)).toThrow(/Nothing was shown yet/);
});
