"""Amounts in Chinese characters: money, percent, units, ranges, scores, telephones."""

import re
from decimal import Decimal

from keras_anchor.drive.texts import chinese_numbers as numbers
from keras_anchor.drive.texts.tables import (
    CODE,
    CURRENCIES,
    MULTIPLIER,
    MULTIPLIERS,
    NUMBER,
    RANGE,
    SYMBOL,
    UNIT,
    UNITS,
)

# A hyphen behind a word is a minus only where something falls or reaches.
FALLING = "[跌降为是达至到在约低温率幅增涨]"
SIGN = rf"(?:(?<![\w.])|(?<={FALLING}))[-−+]"
FIRST = rf"(?P<sign>{SIGN})?(?P<first>{NUMBER})"
LAST = rf"(?:(?:{RANGE}|至|到)(?P<last>[-−]?(?:{NUMBER})))?"
SCALE = r"(?P<scale>万亿|千亿|百亿|千万|百万|万|亿|千|百)?"
CURRENCY_NAME = r"(?:元|美元|欧元|英镑|日元|港元|人民币)?"
GLYPHS = {"½": "二分之一", "⅓": "三分之一", "⅔": "三分之二", "¼": "四分之一"}
GLYPHS |= {"¾": "四分之三", "⅛": "八分之一"}
# What is said before or after the result of a game.
WON = (
    r"战胜|击败|力克|大胜|险胜|完胜|逆转|领先|落后|获胜|取胜|淘汰|战平|逼平|不敌|负于|横扫"
    r"|胜|负|平|输|赢"
)


def say_amount(match, following=""):
    """The number of a match, or both ends of its range."""
    words = numbers.say_number((match["sign"] or "") + match["first"], following)
    if last := match["last"]:
        return f"{words}到{numbers.say_number(last, following)}"
    return words


def read_money(match):
    name = CURRENCIES[match["currency"].strip()][4]
    sign = "负" if match["minus"] else ""
    if multiplier := match["multiplier"]:
        power = MULTIPLIERS[multiplier][1]
        return f"{sign}{say_multiplied(match['first'], power, name)}{name}"
    scale = match["scale"] or ""
    return f"{sign}{say_amount(match, scale or name)}{scale}{name}"


def say_multiplied(written, power, following=""):
    amount = Decimal(written.replace(",", "")).scaleb(power)
    return numbers.say_decimal(amount, following)


def read_multiplied(match):
    return say_multiplied(match["first"], MULTIPLIERS[match["multiplier"]][1])


def read_percent(match):
    base = {"%": "百分之", "‰": "千分之"}[match["mark"]]
    sign = {"": "", "+": "正"}.get(match["sign"] or "", "负")
    words = sign + base + numbers.say_number(match["first"])
    if match["last"]:
        words += (
            "到" + (base if match["both"] else "") + numbers.say_number(match["last"])
        )
    return words


def read_unit(match):
    template = UNITS[match["unit"]][2]
    name = template.replace("{}", "")
    following = "" if template[0] != "{" else name
    below = "零下" if "度" in name else "负"
    ends = [(match["sign"] or "") + match["first"], match["last"]]
    words = [numbers.say_number(end, following) for end in ends if end]
    if any("负" in end for end in words):
        said = [template.replace("{}", end.replace("负", below)) for end in words]
        return "到".join(said)
    return template.replace("{}", "到".join(words))


def read_minus_degrees(match):
    return "零下" + numbers.say_number(match[1], "度")


def read_range(match):
    following = match.string[match.end() :][:2]
    return say_amount(match, following)


def read_score(match):
    return f"{numbers.say_number(match['home'])}比{numbers.say_number(match['away'])}"


def read_fraction(match):
    top, bottom = match["top"], match["bottom"]
    words = f"{numbers.say_number(bottom)}分之{numbers.say_number(top)}"
    return f"{numbers.say_number(match['whole'])}又{words}" if match["whole"] else words


def read_phone(match):
    """Digits one by one, 1 as 幺, a short pause between groups."""
    groups = re.findall(r"\d+", match[0])
    if len(groups) == 1 and len(groups[0]) == 11:
        groups = [groups[0][:3], groups[0][3:7], groups[0][7:]]
    said = "，".join(numbers.say_digits(group, one="幺") for group in groups)
    return f"加{said}" if match[0].startswith("+") else said


def read_hotline(match):
    return match[1] + numbers.say_digits(match[2], one="幺")


def read_digits(match):
    return numbers.say_digits(match[0])


def read_trio(match):
    return match[1] + numbers.say_digits(match[2])


def read_number(match):
    # 第2 and 初2 are places, never amounts.
    is_place = match.string[: match.start()].endswith(
        ("第", "初", "星期", "周", "礼拜")
    )
    following = "" if is_place else match.string[match.end() :].lstrip()[:2]
    return numbers.say_number((match["sign"] or "") + match["first"], following)


MONEY = rf"(?P<minus>(?<!\w)[-−])?(?P<currency>{SYMBOL}|(?<![A-Za-z])(?:{CODE}))\s?"
PHONE_RULES = [
    (r"(?<![\w.])\+\d{1,3}(?:[ .-]?\d{2,12}){1,5}(?![\d.,]*\d)", read_phone),
    (r"(?<![\d.,-])0\d{2,3}[ -]\d{3,4}[ -]?\d{4}(?![\d-])", read_phone),
    (r"(?<![\d.,-])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d-])", read_phone),
    (r"(?<![\d.,-])[48]00-?\d{3,4}-?\d{3,4}(?![\d-])", read_phone),
    (
        r"((?:拨打|电话|热线|致电|拨通)[：:是为]?\s?)(\d{3,8})(?!\d|[.,]\d)",
        read_hotline,
    ),
]
RULES = [
    (
        rf"(?P<home>\d{{1,3}})\s?[-–:：比]\s?(?P<away>\d{{1,3}})(?=\s?(?:的比分)?(?:{WON}))",
        read_score,
    ),
    (
        r"(?<=比分)(?P<mid>为|是|定格在|：)?(?P<home>\d{1,3})\s?[-–:：]\s?(?P<away>\d{1,3})",
        lambda match: (match["mid"] or "") + read_score(match),
    ),
    (r"(?<=以)(?P<home>\d{1,3})\s?[-–:：]\s?(?P<away>\d{1,3})", read_score),
]
AMOUNT_RULES = [
    (
        rf"{MONEY}(?P<sign>)(?P<first>{NUMBER})(?P<last>)(?P<scale>)\s?"
        rf"(?P<multiplier>{MULTIPLIER})(?![A-Za-z0-9])",
        read_money,
    ),
    (
        rf"{MONEY}(?P<sign>)(?P<first>{NUMBER}){LAST}(?P<multiplier>)\s?{SCALE}"
        rf"{CURRENCY_NAME}",
        read_money,
    ),
    (
        rf"(?P<minus>){FIRST}{LAST}(?P<multiplier>)\s?{SCALE}\s?(?P<currency>{CODE})"
        r"(?![A-Za-z])",
        read_money,
    ),
    (
        rf"{FIRST}(?P<both>\s?[%‰](?={RANGE}|[至到]))?{LAST}\s?(?P<mark>[%‰])",
        read_percent,
    ),
    (rf"(?<![\w.])[-−]({NUMBER})(?=度)", read_minus_degrees),
    (rf"{FIRST}(?:\s?{UNIT}(?={RANGE}|[至到]))?{LAST}\s?(?P<unit>{UNIT})", read_unit),
    (
        rf"(?P<first>{NUMBER})\s?(?P<multiplier>bn|tn|mn|mln|million|billion|trillion)"
        r"(?![A-Za-z])",
        read_multiplied,
    ),
    ("[½⅓⅔¼¾⅛]", lambda match: GLYPHS[match[0]]),
    (
        r"(?<![\d./])(?:(?P<whole>\d{1,3})(?: |又))?(?P<top>\d{1,4})[/⁄]"
        r"(?P<bottom>\d{1,4})(?![\d/]|\.\d)",
        read_fraction,
    ),
    (rf"(?<![\d.-]){FIRST}{RANGE}(?P<last>{NUMBER})(?![-–]\d)", read_range),
    (r"(?<![\d:])(?P<home>\d{1,4})[:：](?P<away>\d{1,4})(?![\d:])", read_score),
]
