import { expect, test } from "vitest";
import { describeRefusal } from "./microphone";

test.each([
  ["NotAllowedError", /refused\. Allow it/],
  ["NotFoundError", /no microphone\. Plug one in/],
  ["OverconstrainedError", /no microphone\. Plug one in/],
  ["NotReadableError", /another program/],
  ["AbortError", /does not start/],
])("%s becomes a sentence and a way on", (name, sentence) => {
  const said = describeRefusal(new DOMException("", name)).message;
  expect(said).toMatch(sentence);
  expect(said).toMatch(/drop a sound file/);
});
