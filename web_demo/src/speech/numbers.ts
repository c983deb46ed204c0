/** Numbers as a newsreader says them, where espeak-ng reads them otherwise. */

import type { Language } from "./languages";

const MONTHS =
  "January|February|March|April|May|June|July|August|September|October|November|December";
/** What stands before a year, and before no count of things. */
const YEAR = new RegExp(
  String.raw`\b((?:in|since|until|from|of|during|before|after|${MONTHS})\s|\d,\s)` +
    String.raw`(1[1-9]|20)(\d\d)(?![\d,.:]*\d)`,
  "gi",
);
const DIGITS = "零一二三四五六七八九";
type Rule = readonly [RegExp, (...groups: string[]) => string];

const RULES: Readonly<Record<Language, readonly Rule[]>> = {
  en: [
    [YEAR, (_, before, century, year) => before + sayYear(century, year)],
    [/\b(1[1-9]|20)([1-9]0s)\b/g, (_, century, decade) => `${century} ${decade}`],
    [/\$([\d,]+)\.(\d\d)\b/g, (_, dollars, cents) => `${dollars} dollars ${cents}`],
    [
      /\$([\d,.]*\d)(\s(?:thousand|million|billion|trillion))?/g,
      (_, amount, unit) => `${amount}${unit ?? ""} dollars`,
    ],
    [/(\d)\s?km\b/g, (_, digit) => `${digit} kilometers`],
    [/(\d)\s?kg\b/g, (_, digit) => `${digit} kilograms`],
  ],
  zh: [
    [/\d{4}(?=年)/g, (year) => sayDigits(year)],
    [/([\d.]*\d)\s?[%％]/g, (_, share) => `百分之${share}`],
    [/(\d{1,2})[:：]00(?!\d)/g, (_, hours) => `${hours}点`],
    [/(\d{1,2})[:：](\d\d)(?!\d)/g, (_, hours, minutes) => `${hours}点${minutes}分`],
    [/[¥￥]([\d,.]*\d)([万亿]*)/g, (_, amount, unit) => `${amount}${unit}元`],
    [/\$([\d,.]*\d)([万亿]*)/g, (_, amount, unit) => `${amount}${unit}美元`],
  ],
};

/** A text in one language, its years and amounts in words and smaller numbers. */
export function writeOutNumbers(text: string, language: Language): string {
  return RULES[language].reduce(
    (written, [pattern, write]) => written.replace(pattern, write),
    text,
  );
}

/** `2024` is `20 24`, `1906` is `19 oh 6`; `2005` and `1900` are read as they are. */
function sayYear(century = "", year = ""): string {
  if (year === "00" || (century === "20" && year < "10")) return century + year;
  return `${century} ${year < "10" ? `oh ${year.slice(1)}` : year}`;
}

function sayDigits(number: string): string {
  return [...number].map((digit) => DIGITS[Number(digit)] ?? digit).join("");
}
