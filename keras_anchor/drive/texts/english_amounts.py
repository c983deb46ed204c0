"""Amounts in English words: money, percent, units, ranges, ratios, telephones."""

import re

from keras_anchor.drive.texts import english_numbers as numbers
from keras_anchor.drive.texts.tables import (
    CODE,
    CURRENCIES,
    LISTS,
    MULTIPLIER,
    MULTIPLIERS,
    NUMBER,
    RANGE,
    SHORT_MULTIPLIER,
    SIGN,
    SYMBOL,
    UNIT,
    UNITS,
    any_of,
)

# `a $20 bill`: what stands before a noun is singular.
ARTICLE = r"(?P<article>\b[Aa]n? )?"
NOUN = (
    r"(?P<noun>(?= ?-?[a-z])(?! (?:a|an|the|and|or|to|for|in|on|at|per|of|is|was)\b))"
)
FIRST = rf"(?P<sign>{SIGN})?(?P<first>{NUMBER})"
LAST = rf"(?:(?:{RANGE}| to )(?P<last>[-−]?(?:{NUMBER})))?"
CHINESE = re.compile(rf"\b(?:{any_of(LISTS['chinese'])})\b")
COUNTED = LISTS["counted in millions"]
GLYPHS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8"}


def say_amount(match):
    """The number of a match, or both ends of its range."""
    words = numbers.say_number((match["sign"] or "") + match["first"])
    return f"{words} to {numbers.say_number(match['last'])}" if match["last"] else words


def is_singular(match):
    if match["last"]:
        return False
    groups = match.groupdict()
    is_before_noun = groups.get("article") and groups.get("noun") is not None
    return bool(is_before_noun) or numbers.is_one(match["first"])


def read_money(match):
    currency = match["currency"].strip()
    # Both countries write their money so.
    is_chinese = currency == "¥" and CHINESE.search(match.string)
    singular, plural, cent, cents, _ = CURRENCIES["CNY" if is_chinese else currency]
    article, sign = match["article"] or "", "minus " if match["minus"] else ""
    if multiplier := match["multiplier"]:
        name = MULTIPLIERS[multiplier][0]
        is_before_noun = article and match["noun"] is not None
        amount = f"{say_amount(match)} {name}"
        return article + sign + f"{amount} {singular if is_before_noun else plural}"
    whole, _, hundredths = match["first"].replace(",", "").partition(".")
    if len(hundredths) != 2 or match["last"]:
        name = singular if is_singular(match) else plural
        return f"{article}{sign}{say_amount(match)} {name}"
    parts = []
    if int(whole):
        name = singular if int(whole) == 1 else plural
        parts.append(f"{numbers.say_number(whole)} {name}")
    if int(hundredths) or not parts:
        name = cent if int(hundredths) == 1 else cents
        parts.append(f"{numbers.say_whole(int(hundredths))} {name}")
    return article + sign + " and ".join(parts)


def read_percent(match):
    return f"{say_amount(match)} {'percent' if match['mark'] == '%' else 'per mille'}"


def read_unit(match):
    if re.fullmatch(r"(?:.*[^.\d])?\d+s", match[0]):
        return match[0]  # A model, 5s.
    singular, plural, _ = UNITS[match["unit"]]
    name = singular if is_singular(match) else plural
    return f"{match['article'] or ''}{say_amount(match)} {name}"


def read_times(match):
    return f"{say_amount(match)} times"


def read_multiplied(match):
    return f"{say_amount(match)} {MULTIPLIERS[match['multiplier']][0]}"


def read_fraction(match):
    top, bottom = int(match["top"]), int(match["bottom"])
    if match["top"] == match["bottom"]:
        return f"{numbers.say_number(top)}-{numbers.say_number(bottom)}"
    if not 1 < bottom <= 1000 or top >= bottom:
        return f"{numbers.say_number(top)} over {numbers.say_number(bottom)}"
    words = numbers.say_fraction(top, bottom)
    if match["whole"]:
        words = f"{numbers.say_number(match['whole'])} and {words}"
        return words.replace("and one half", "and a half")
    return words


def read_glyph(match):
    return f" {GLYPHS[match[0]]}"


def read_ordinal(match):
    return numbers.say_ordinal(int(match[1].replace(",", "")))


def read_phone(match):
    """Groups of digits, a short pause after each."""
    groups = re.findall(r"\d+", match[0])
    words = ", ".join(numbers.say_digits(group) for group in groups)
    return f"plus {words}" if match[0].startswith("+") else words


def read_number(match):
    return numbers.say_number((match["sign"] or "") + match["first"])


MONEY = rf"{ARTICLE}(?P<minus>(?<!\w)[-−])?(?P<currency>{SYMBOL}|\b(?:{CODE}) ?)"
PHONE_RULES = [
    (
        r"(?<![\w.])\+\d{1,3}(?:[ .-]?\(\d{1,4}\))?(?:[ .-]?\d{2,12}){1,5}"
        r"(?![\d.,]*\d)",
        read_phone,
    ),
    (r"(?<![\w.-])(?:1[ -])?\(\d{2,4}\) ?\d{3,4}[ -]\d{4}(?![\d-])", read_phone),
    (r"(?<![\w.-])(?:1-)?\d{3}-\d{3}-\d{4}(?![\d-])", read_phone),
    (r"(?<![\w.,-])(?<!\$)0\d{2,3}[ -]\d{3,4}[ -]?\d{4}(?![\d-])", read_phone),
    (r"(?<![\w.,-])1[3-9]\d-?\d{4}-?\d{4}(?![\d-])", read_phone),
]
RULES = [
    (r"(?<=\d)\*(?=\d)", lambda match: " times "),
    (r"(?<![\w.])(\d)['′](\d{1,2})[\"″]", r"\1 foot \2"),
    (r"(?<=\d) ?[x×] ?(?=\d)", lambda match: " by "),
    (r"(?<=\d\.\d)/(?=\d)", lambda match: " out of "),
    (
        rf"{MONEY}\s?(?P<sign>)(?P<first>{NUMBER}){LAST}"
        rf"(?:\s?(?P<multiplier>{MULTIPLIER})(?![A-Za-z0-9]))?{NOUN}?",
        read_money,
    ),
    (
        rf"(?P<article>)(?P<minus>){FIRST}{LAST}(?:\s?(?P<multiplier>{MULTIPLIER}))?"
        rf"(?P<noun>)\s?(?P<currency>{SYMBOL}|(?:{CODE}))(?![A-Za-z0-9])",
        read_money,
    ),
    (rf"{FIRST}(?:\s?%)?{LAST}\s?(?P<mark>%|‰)", read_percent),
    (
        rf"{FIRST}(?P<last>)(?P<multiplier>{SHORT_MULTIPLIER})"
        rf"(?= (?:{any_of(COUNTED)}|[a-z]{{3,20}}s)\b)",
        read_multiplied,
    ),
    (rf"{FIRST}{LAST}\s?(?P<multiplier>bn|tn|mn|mln|trn)\b", read_multiplied),
    (
        rf"{ARTICLE}(?<![A-Za-z]){FIRST}(?:\s?{UNIT}(?={RANGE}))?{LAST}"
        rf"[ -]?(?P<unit>{UNIT}){NOUN}?",
        read_unit,
    ),
    (rf"{FIRST}{LAST}[x×](?![\w])", read_times),
    ("[½⅓⅔¼¾⅛]", read_glyph),
    (
        r"(?<![\w./])(?:(?P<whole>\d{1,3})[ -])?(?P<top>\d{1,4})[/⁄](?P<bottom>\d{1,4})"
        r"(?![\w/]|\.\d)",
        read_fraction,
    ),
    (r"\b(\d{1,3}(?:,\d{3})+|\d{1,9})(?:st|nd|rd|th)\b", read_ordinal),
]
NUMBER_RULES = [
    (r"(?<![\w.])[~≈](?=\d)", lambda match: "about "),
    (r"±\s?(?=\d)", lambda match: "plus or minus "),
    (r"≥\s?(?=\d)", lambda match: "at least "),
    (r"≤\s?(?=\d)", lambda match: "at most "),
    (r"(?<=[\s\d])>\s?(?=\d)", lambda match: " more than "),
    (r"(?<=[\s\d])<\s?(?=\d)", lambda match: " less than "),
    (r"(?<=\d):(?=\d)", lambda match: " to "),
    (r"(?<=\d)(?:[-–—~]|\s[–—]\s)(?=\d)", lambda match: " to "),
    (r"(?<=\d) ?\+ ?", lambda match: " plus "),
    (FIRST, read_number),
]
