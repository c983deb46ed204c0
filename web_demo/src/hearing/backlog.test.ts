import { expect, test } from "vitest";
import { Backlog } from "./backlog";

test("the oldest is dropped where there is no room, and counted", () => {
  const backlog = new Backlog<number>(3);
  for (const item of [1, 2, 3, 4, 5]) backlog.add(item);
  expect(backlog.numDropped).toBe(2);
  expect(backlog.take(2)).toEqual([3, 4]);
  expect(backlog.take(2)).toEqual([5]);
  expect(backlog.isEmpty).toBe(true);
});
