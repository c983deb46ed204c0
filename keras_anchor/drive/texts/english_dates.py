"""Dates, times and years in English words."""

import re

from keras_anchor.drive.texts import english_numbers as numbers
from keras_anchor.drive.texts.tables import LISTS, RANGE

MONTHS = LISTS["months"]
MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?"
    r"|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)(?![\d%]|,\d|\.\d)"
# What makes four digits a year, and what makes them an amount.
YEAR_WORDS = LISTS["before years"]
AMOUNT_WORDS = LISTS["before amounts"]
COUNTED = LISTS["counted"]
BEFORE = r"(?:(?<![A-Za-z'])(?P<before>[A-Za-z']{1,20}),?\s{1,3})?"


def say_month(name):
    return next(month for month in MONTHS if month.startswith(name[:3].title()))


def say_date(month, day, year=None):
    words = f"{month} {numbers.say_ordinal(int(day))}"
    return f"{words}, {numbers.say_year(int(year))}" if year else words


def read_numeric_date(match):
    """`2026-11-30`, `11/30/2026`, `30.11.2026`; no date stays as it is."""
    first, second, third = (int(part) for part in re.split(r"\D", match[0]))
    if first > 31:
        year, month, day = first, second, third
    else:
        month, day, year = first, second, third
        if month > 12 or "." in match[0]:
            month, day = day, month
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match[0]
    return say_date(MONTHS[month - 1], day, year + 2000 if year < 100 else year)


def read_named_date(match):
    return say_date(say_month(match["month"]), match["day"], match["year"])


def read_days(match):
    first, last = (numbers.say_ordinal(int(match[name])) for name in ("day", "last"))
    return f"{say_month(match['month'])} {first} to {last}"


def read_month_year(match):
    return f"{say_month(match['month'])} {numbers.say_year(int(match['year']))}"


def read_decade(match):
    return numbers.say_plural(numbers.say_year(int(match["year"])))


def read_tens(match):
    return numbers.say_plural(numbers.say_below_hundred(int(match["tens"])))


def read_years(match):
    first, last = match["year"], match["last"]
    said = (
        numbers.say_pair(int(last)) if len(last) == 2 else numbers.say_year(int(last))
    )
    return f"{numbers.say_year(int(first))} to {said}"


def read_time(match):
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "")[:1].upper()
    if hour > 24 or minute > 59:
        return match[0]
    if not half and (hour > 12 or hour == 0):
        half = "P" if 12 <= hour < 24 else "A"
    words = numbers.say_whole(hour % 12 or 12)
    if minute:
        words += " " + numbers.say_pair(minute)
    elif not half and not match["second"]:
        words += " o'clock"
    if match["second"] and int(match["second"]):
        words += " and " + numbers.say_whole(int(match["second"])) + " seconds"
    if match[0].endswith("Z"):
        return words + " UTC"
    if not half:
        return words
    is_last = match[0].endswith(".") and not match.string[match.end() :].strip()
    return f"{words} {half}M" + ("." if is_last else "")


def read_year(match):
    """A bare number of four digits: a year where its neighbours say so."""
    before, after = (match[name] or "" for name in ("before", "after"))
    year = int(match["year"])
    is_counted = after in COUNTED or re.search(r"[^s]s$", after)
    if before.lower() in YEAR_WORDS:
        is_year = before.lower() not in ("of", "and", "to", "for") or not is_counted
    else:
        is_year = 1900 <= year < 2100 and not is_counted
    if before.lower() in AMOUNT_WORDS or not is_year:
        return match[0]
    cut = match.start("year") - match.start()
    return match[0][:cut] + numbers.say_year(year)


RULES = [
    (r"(?<=:\d\d)\s?[-–—]\s?(?=\d{1,2}:\d\d)", lambda match: " to "),
    (r"(?<!\w)['’](\d\d)\b(?!['’]?s)", lambda m: numbers.say_pair(int(m[1]))),
    (r"(?<![\d.])\d{4}([-/.])\d{1,2}\1\d{1,2}(?![\d])", read_numeric_date),
    (r"(?<![\d./])\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d\d)(?![\d./])", read_numeric_date),
    (rf"(?:\b[Tt]he )?\b{DAY}(?: of)? {MONTH}(?:,? {YEAR})?", read_named_date),
    (rf"\b{MONTH} {DAY}{RANGE}(?P<last>[12]\d|3[01]|\d)(?!\d)", read_days),
    (rf"\b{MONTH} {DAY}(?![\d:%])(?:,? {YEAR})?", read_named_date),
    (rf"\b{MONTH},? {YEAR}", read_month_year),
    (r"\b(?P<year>1[0-9]\d0|20\d0)'?s\b", read_decade),
    (r"['’]?\b(?P<tens>[2-9]0)'?s\b", read_tens),
    (
        rf"\b(?P<year>1[5-9]\d\d|20\d\d){RANGE}(?P<last>20\d\d|1[5-9]\d\d|\d\d)(?![\d%])",
        read_years,
    ),
    (
        r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
        r"(?:\s?(?P<half>[AaPp])\.?[Mm]\b\.?|Z\b)?(?![\d:])",
        read_time,
    ),
    (
        r"(?<![\d:.])(?P<hour>\d{1,2})(?:\.(?P<minute>\d\d))?(?P<second>)\s?"
        r"(?P<half>[AaPp])\.?[Mm]\b\.?",
        read_time,
    ),
]
BARE_YEAR = (
    rf"{BEFORE}(?<![\d.,$€£¥#-])\b{YEAR}(?!\w|[-–]\w)"
    r"(?=(?:\s(?P<after>[A-Za-z]{1,40}))?)"
)
