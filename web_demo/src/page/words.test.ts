import { expect, test } from "vitest";
import { TABLE } from "./word_table";
import { chooseLanguage, say, sayOr } from "./words";

test("the address decides the language, then the viewer, then the browser", () => {
  expect(chooseLanguage("zh", "en")).toBe("zh");
  expect(chooseLanguage(null, "zh")).toBe("zh");
  expect(chooseLanguage("zh-TW", null)).toBe("zh");
  expect(chooseLanguage("fr", "zh")).toBe("en");
});

test("every sentence exists in both languages, with the same blanks", () => {
  const blanks = (words: string) => (words.match(/\{\w+\}/g) ?? []).sort();
  for (const [english, chinese] of Object.values(TABLE)) {
    expect(chinese).not.toBe("");
    expect(blanks(chinese)).toEqual(blanks(english));
  }
});

test("blanks are filled, and what is no key has a fallback", () => {
  expect(say("playing", { name: "a.wav" })).toBe("Playing a.wav.");
  expect(sayOr("expression_smile", "x")).toBe("Smile");
  expect(sayOr("expression_unknown", "Unknown")).toBe("Unknown");
});
