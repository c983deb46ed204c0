"""Numbers in Chinese characters, as a Mandarin newsreader says them."""

import re

from keras_anchor.drive.texts.tables import LISTS

DIGITS = "零一二三四五六七八九"
PLACES = ("", "十", "百", "千")
SCALES = ("", "万", "亿", "万亿", "亿亿")
# Longer ones are read digit by digit: they are codes, not amounts.
MOST_DIGITS = 4 * len(SCALES)
# Before these a lone 2 is 两.
MEASURES = LISTS["measures"]
NOT_MEASURES = ("年级", "分之", "点零", "次元", "次方", "手", "级")
TWO_IS_LIANG = re.compile("|".join(sorted(MEASURES, key=len, reverse=True)))


def say_number(written, following=""):
    """Characters for `"1,234.50"`, `"-3"`, `"007"` (digit by digit) or an int.

    Args:
        following: What stands behind it; decides between 二 and 两.
    """
    written = str(written).replace(",", "")
    if written[:1] in "-−+":
        return ("正" if written[0] == "+" else "负") + say_number(written[1:])
    whole, point, decimals = written.partition(".")
    is_code = len(whole) > MOST_DIGITS or (len(whole) > 1 and whole[0] == "0")
    words = say_digits(whole) if is_code else say_whole(int(whole or 0))
    if point and decimals:
        return f"{words}点{say_digits(decimals)}"
    if words == "二" and is_measure(following):
        return "两"
    return words


def is_measure(following):
    following = following.lstrip()
    return bool(TWO_IS_LIANG.match(following)) and not following.startswith(
        NOT_MEASURES
    )


def say_whole(number):
    """Characters for an int from 0 up to `MOST_DIGITS` digits."""
    groups = []
    while number:
        number, rest = divmod(number, 10_000)
        groups.append(rest)
    words, was_empty = "", False
    for index, group in reversed(list(enumerate(groups))):
        if not group:
            was_empty = bool(words)
            continue
        if words and (was_empty or group < 1000):
            words += "零"
        is_low_two = group == 2 and index == 0
        said = say_below_ten_thousand(group)
        words += ("两" if group == 2 and not is_low_two else said) + SCALES[index]
        was_empty = False
    # 一十五 is said 十五 at the beginning only.
    return words.removeprefix("一") if words.startswith("一十") else words or "零"


def say_below_ten_thousand(number):
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(words)
            continue
        if gap:
            words += "零"
            gap = False
        is_two_thousand = digit == 2 and place == 3
        words += ("两" if is_two_thousand else DIGITS[digit]) + PLACES[place]
    return words


def say_digits(digits, one="一"):
    """`"105"` as 一零五; whatever is no digit is skipped. `one` may be 幺."""
    said = "".join(DIGITS[int(digit)] for digit in digits if digit.isdecimal())
    return said.replace("一", one)


def say_decimal(amount, following=""):
    """A `Decimal` in 万 and 亿 where it is large: 1.2 million as 一百二十万."""
    for scale, name in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")):
        if abs(amount) >= scale:
            return say_number(plain(amount / scale), name) + name
    return say_number(plain(amount), following)


def plain(amount):
    """A `Decimal` without exponent or zeros behind it."""
    written = f"{amount:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
