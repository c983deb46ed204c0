import { afterEach, expect, test, vi } from "vitest";
import { SENTENCES } from "../failure_sentences";
import { Failure, part } from "../failures";
import { CHINESE } from "./failure_words";
import { Complaint, sayError, startWords } from "./words";

const blanks = (words: string) => (words.match(/\{\w+\}/g) ?? []).sort();

function speak(language: string) {
  const page = { documentElement: { lang: "" }, querySelectorAll: () => [] };
  vi.stubGlobal("document", page);
  startWords(language);
}

afterEach(() => {
  speak("en");
  vi.unstubAllGlobals();
});

test.each(Object.entries(SENTENCES))("%s is said in Chinese, too", (code, english) => {
  const chinese = CHINESE[code as keyof typeof CHINESE];
  expect(chinese).toMatch(/\p{Script=Han}|^`\{path\}`：/u);
  expect(blanks(chinese)).toEqual(blanks(english));
});

test("commands and formats are those of the English sentence", () => {
  const quoted = (words: string) => words.match(/(?:keras-anchor|pip|python) [-\w]+/g);
  for (const [code, english] of Object.entries(SENTENCES)) {
    const chinese = CHINESE[code as keyof typeof CHINESE];
    expect(quoted(chinese)?.sort()).toEqual(quoted(english)?.sort());
  }
});

test("a failure is said in the viewer's language, with all of its parts", () => {
  const reason = part("zip_locked", { path: "a" });
  const failure = new Failure("zip_damaged", { name: "b.zip", reason });
  speak("zh");
  expect(sayError(failure)).toMatchObject({
    text: expect.stringMatching(/^b\.zip 不是主播（`a` 设有密码）/),
    language: "zh-Hans",
  });
  speak("en");
  expect(sayError(failure)).toEqual({ text: failure.message, language: "en" });
});

test("what has no code stays as it is, marked as English", () => {
  speak("zh");
  const odd = { text: "odd", language: "en" };
  expect(sayError(new Error("odd"))).toEqual(odd);
  expect(sayError("odd")).toEqual(odd);
  expect(sayError(new Error(""))).toEqual({
    text: "出现未知错误，请重试。",
    language: "zh-Hans",
  });
});

test("the page's own complaints are in the page's language", () => {
  speak("zh");
  const complaint = new Complaint("file_empty", { name: "a.txt", expected: "" });
  expect(sayError(complaint)).toEqual({
    text: "a.txt 是空文件。",
    language: "zh-Hans",
  });
});
