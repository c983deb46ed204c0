"""Numbers in English words, as an American newsreader says them."""

from decimal import Decimal

from keras_anchor.drive.texts.tables import LISTS

ONES = LISTS["ones"]
TENS = LISTS["tens"]
SCALES = ("", " thousand", " million", " billion", " trillion", " quadrillion")
ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
# Longer ones are read digit by digit: they are codes, not amounts.
MOST_DIGITS = 3 * len(SCALES)


def say_number(written):
    """Words for `"1,234.50"`, `"-3"`, `"007"` (digit by digit) or an int."""
    written = str(written).replace(",", "")
    if written[:1] in "-−+":
        sign = "plus" if written[0] == "+" else "minus"
        return f"{sign} {say_number(written[1:])}"
    whole, point, decimals = written.partition(".")
    is_code = len(whole) > MOST_DIGITS or (len(whole) > 1 and whole[0] == "0")
    words = say_digits(whole) if is_code else say_whole(int(whole or 0))
    return f"{words} point {say_digits(decimals)}" if point and decimals else words


def say_whole(number):
    """Words for an int from 0 up to `MOST_DIGITS` digits."""
    groups = []
    for scale in SCALES:
        number, rest = divmod(number, 1000)
        if rest:
            groups.insert(0, say_below_thousand(rest) + scale)
    return " ".join(groups) or "zero"


def say_below_thousand(number):
    hundreds, rest = divmod(number, 100)
    words = [f"{ONES[hundreds]} hundred"] if hundreds else []
    if rest or not hundreds:
        words.append(say_below_hundred(rest))
    return " ".join(words)


def say_below_hundred(number):
    if number < 20:
        return ONES[number]
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"-{ONES[ones]}" if ones else "")


def say_digits(digits):
    """`"105"` as `one zero five`; whatever is no digit is skipped."""
    return " ".join(ONES[int(digit)] for digit in digits if digit.isdecimal())


def say_ordinal(number):
    """`21` as `twenty-first`."""
    words = say_number(number)
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[cut:]
    if last in ORDINALS:
        return words[:cut] + ORDINALS[last]
    return words[:-1] + "ieth" if last.endswith("y") else words + "th"


def say_year(year):
    """`1998` as `nineteen ninety-eight`, `1905` as `nineteen oh five`."""
    century, rest = divmod(int(year), 100)
    if year < 1000 or year > 9999 or (century % 10 == 0 and rest < 10):
        return say_whole(year)
    if rest == 0:
        return f"{say_below_hundred(century)} hundred"
    return say_below_hundred(century) + " " + say_pair(rest)


def say_pair(number):
    """Two digits after others: `5` as `oh five`."""
    return f"oh {ONES[number]}" if number < 10 else say_below_hundred(number)


def say_plural(words):
    """`nineteen ninety` as `nineteen nineties`."""
    if words.endswith("y"):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith("x") else "s")


def say_fraction(numerator, denominator):
    """`3, 4` as `three quarters`, `1, 2` as `one half`."""
    names = {2: ("half", "halves"), 4: ("quarter", "quarters")}
    ordinal = say_ordinal(denominator)
    singular, plural = names.get(int(denominator), (ordinal, ordinal + "s"))
    name = singular if int(numerator) == 1 else plural
    return f"{say_number(numerator)} {name}"


def say_trio(digits):
    """Numbers of flights and aeroplanes: `737` as `seven thirty-seven`."""
    if digits[0] == "0" or digits.endswith("00"):
        return say_number(digits)
    return f"{ONES[int(digits[0])]} {say_pair(int(digits[1:]))}"


def read_roman(numeral):
    """The value of a well-formed Roman numeral, else None."""
    values = [ROMAN[letter] for letter in numeral]
    total = sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )
    return total if write_roman(total) == numeral else None


def write_roman(number):
    steps = "1000 M 900 CM 500 D 400 CD 100 C 90 XC 50 L 40 XL 10 X 9 IX 5 V 4 IV 1 I"
    words, numeral = steps.split(), ""
    for value, letters in zip(map(int, words[::2]), words[1::2], strict=True):
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral


def is_one(written):
    """Whether a thing counted by `written` is singular."""
    return Decimal(str(written).replace(",", "").replace("−", "-")) in (1, -1)
