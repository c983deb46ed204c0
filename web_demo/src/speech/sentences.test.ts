import { describe, expect, test } from "vitest";
import { findPause, splitSentences } from "./sentences";

describe("splitSentences", () => {
  test("splits English and Chinese where sentences end", () => {
    expect(splitSentences('He said "Go." She went! 他走了。她呢？好')).toEqual([
      'He said "Go."',
      "She went!",
      "他走了。",
      "她呢？",
      "好",
    ]);
  });

  test("keeps numbers, titles, initials and addresses whole", () => {
    const text =
      "Dr. Smith of the U.S. team paid 3.5 million, see https://a.org/b.html.";
    expect(splitSentences(`${text} Then he left.`)).toEqual([text, "Then he left."]);
  });

  test("takes a line for a sentence, and leaves out what holds no letter", () => {
    expect(splitSentences("News\n\n***\n…\nIt rained.")).toEqual([
      "News",
      "It rained.",
    ]);
  });

  test("loses no word of a text without marks, in pieces of at most 300", () => {
    const text = Array.from({ length: 500 }, (_, index) => `word${index}`).join(" ");
    const pieces = splitSentences(text);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(300);
    expect(pieces.join(" ")).toBe(text);
    const letters = splitSentences("字".repeat(1000));
    expect(letters.join("")).toHaveLength(1000);
  });

  test("cuts at a pause rather than inside a clause", () => {
    const clause = "a ".repeat(100).trim();
    expect(splitSentences(`${clause}, ${clause}`)[0]).toBe(`${clause},`);
  });

  test.each(["", "  \n", "…!?"])("says that there is nothing to say in %j", (text) => {
    expect(() => splitSentences(text)).toThrow(/letters or digits.*Type what/);
  });

  test("reads a long text", () => {
    // In time that grows with its square it would take minutes.
    expect(splitSentences("It rains, it pours. ".repeat(20_000))).toHaveLength(20_000);
  });
});

test("a comma pauses for less than a full stop", () => {
  expect(findPause("first,")).toBeLessThan(findPause('He said "yes."'));
});
