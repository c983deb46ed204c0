import { expect, test } from "vitest";
import { splitByLanguage } from "./languages";

const split = (text: string) =>
  splitByLanguage(text).map(({ text, language }) => [language, text]);

test("parts English from Chinese, each with the marks after it", () => {
  expect(split("欢迎使用 TensorFlow，谢谢。")).toEqual([
    ["zh", "欢迎使用 "],
    ["en", "TensorFlow，"],
    ["zh", "谢谢。"],
  ]);
});

test("reads numbers in the language beside them", () => {
  expect(split("Python 3 和 25个人")).toEqual([
    ["en", "Python 3 "],
    ["zh", "和 25个人"],
  ]);
  expect(split("2024")).toEqual([["en", "2024"]]);
});

test("opens brackets with what is inside", () => {
  expect(split("北京 (Beijing) 好")).toEqual([
    ["zh", "北京 "],
    ["en", "(Beijing) "],
    ["zh", "好"],
  ]);
});

test("says which letter nobody reads", () => {
  expect(() => split("Привет")).toThrow(/English or Chinese, received the letter `П`/);
});
