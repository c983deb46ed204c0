import { expect, test } from "vitest";
import { approach } from "./player";

test("a value arrives where it is wanted, and stays", () => {
  let value = 0;
  for (let frame = 0; frame < 60; frame++) value = approach(value, 0.7, 0.3);
  expect(value).toBe(0.7);
});
