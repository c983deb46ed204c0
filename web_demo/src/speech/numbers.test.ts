import { expect, test } from "vitest";
import { writeOutNumbers } from "./numbers";

test.each([
  ["In 2024, after May 5, 1906.", "In 20 24, after May 5, 19 oh 6."],
  ["in 2005 and of 1900", "in 2005 and of 1900"],
  ["2024 dollars, of 1500.5 tons", "2024 dollars, of 1500.5 tons"],
  ["the 1990s", "the 19 90s"],
  ["$5.20, $3 and $1.5 million", "5 dollars 20, 3 dollars and 1.5 million dollars"],
  ["5 km and 3kg", "5 kilometers and 3 kilograms"],
])("English: %s", (text, written) => {
  expect(writeOutNumbers(text, "en")).toBe(written);
});

test.each([
  ["2024年有3000人", "二零二四年有3000人"],
  ["上涨5.2%", "上涨百分之5.2"],
  ["10:30到12:00", "10点30分到12点"],
  ["￥5和$3亿", "5元和3亿美元"],
])("Chinese: %s", (text, written) => {
  expect(writeOutNumbers(text, "zh")).toBe(written);
});
