import { expect, test } from "vitest";
import { SENTENCES } from "./failure_sentences";
import { Failure, part, revive, told, write } from "./failures";

test("a failure is its code and values, and an English sentence", () => {
  const failure = new Failure("voice_unknown", { name: "x", known: "a, b" });
  expect(failure).toMatchObject({
    code: "voice_unknown",
    values: { name: "x", known: "a, b" },
    message: "There is no voice `x` here. Known: a, b.",
  });
});

test("a sentence within a sentence is written in the same words", () => {
  const reason = part("zip_locked", { path: "a" });
  const failure = new Failure("zip_damaged", { name: "b.zip", reason });
  expect(failure.message).toMatch(/^b\.zip is no anchor \(`a` has a password\)/);
  const others = {
    ...SENTENCES,
    zip_damaged: "{name}: {reason}",
    zip_locked: "!{path}",
  };
  expect(write(failure, others)).toBe("b.zip: !a");
});

test("values are written as they are, even where they look like blanks", () => {
  const failure = new Failure("zip_without_anchor", { place: "{path} $&" });
  expect(failure.message).toMatch(/^\{path\} \$& is no anchor/);
});

test("a failure comes out of a worker as the one that went in", () => {
  const failure = new Failure("gpu_lost");
  expect(revive(structuredClone(told(failure)))).toEqual(failure);
  expect(revive(structuredClone(told(new TypeError("odd"))))).toEqual(new Error("odd"));
});
