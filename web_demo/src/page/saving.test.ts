import { expect, test } from "vitest";
import { nameFile, spellSeconds } from "./saving";

test("a file is named after the anchor and the local time", () => {
  const date = new Date(2026, 11, 1, 9, 5, 7);
  expect(nameFile("adam", "webm", date)).toBe("adam 2026-12-01 09.05.07.webm");
});

test("time counts minutes and seconds", () => {
  expect([0, 9.9, 65, 3600].map(spellSeconds)).toEqual([
    "0:00",
    "0:09",
    "1:05",
    "60:00",
  ]);
});
