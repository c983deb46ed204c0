"""What is written in English, in words that a newsreader says."""

import re

from keras_anchor.drive.texts import english_amounts, english_dates
from keras_anchor.drive.texts import english_numbers as numbers
from keras_anchor.drive.texts.tables import ABBREVIATIONS, EMAIL, LISTS, URL, any_of

SIGNS = {".": "dot", "/": "slash", "-": "dash", "_": "underscore", "@": "at"}
SIGNS |= {":": "colon", "=": "equals", "&": "and", "~": "tilde", "+": "plus"}
MONARCHS = LISTS["monarchs"]
NUMBERED = LISTS["numbered with roman numerals"]
ROMAN = r"(?P<roman>[IVX]{1,2}|[IVXLCDM]{2,7})\b(?!['’](?!s\b)|\.\w)"


def read_address(match):
    """`https://www.bbc.com/news?id=1` as `W W W dot bbc dot com slash news`."""
    written = match[0]
    end = "." if written.endswith(".") else ""
    address = re.sub(r"^https?://", "", written).rstrip("./")
    address = re.split(r"[?#]", address)[0]
    address = re.sub(r"\d+", lambda m: f" {numbers.say_digits(m[0])} ", address)
    for sign, word in SIGNS.items():
        address = address.replace(sign, f" {word} ")
    return re.sub(r"^www\b", "W W W", tidy(address)) + end


def read_tag(match):
    """`#ClimateAction` as `hashtag Climate Action`, `@BBCNews` as `at BBC News`."""
    words = match[2].replace("_", " ")
    words = re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])", " ", words)
    return ("hashtag " if match[1] == "#" else "at ") + words


def read_monarch(match):
    value = numbers.read_roman(match["roman"])
    if value is None:
        return match[0]
    return f"{match['name']} the {numbers.say_ordinal(value)}"


def read_numbered(match):
    value = numbers.read_roman(match["roman"])
    return match[0] if value is None else f"{match['name']} {numbers.say_whole(value)}"


def read_saint(match):
    if match["saint"]:
        return "Saint "
    return "Street" + ("" if match.string[match.end() :].strip() else ".")


def read_abbreviation(match):
    words = ABBREVIATIONS[match[0]]
    is_last = match[0].endswith(".") and not match.string[match.end() :].strip()
    return words + ("." if is_last else "")


def read_dotted(match):
    """`U.S.` as `US`; the point stays where it ends the text."""
    is_last = not match.string[match.end() :].strip()
    return match[0].replace(".", "") + ("." if is_last else "")


def read_code(match):
    """`MP3` as `MP-three`, `Boeing 737` as `Boeing seven thirty-seven`."""
    pieces = re.findall(r"\d+(?:\.\d+)?|[A-Za-z]+", match[0])
    return "-".join(
        read_code_number(piece) if piece[0].isdigit() else piece for piece in pieces
    )


def read_code_number(digits):
    if len(digits) == 3 and digits.isdigit():
        return numbers.say_trio(digits)
    if len(digits) == 4 and digits.isdigit():
        return numbers.say_year(int(digits))
    return numbers.say_digits(digits) if len(digits) > 4 else numbers.say_number(digits)


def read_version(match):
    return " point ".join(map(numbers.say_number, match[0].split(".")))


def read_per(match):
    return " per " + ("barrel" if match[1] == "bbl" else match[1])


def read_trio(match):
    return f"{match[1]} {numbers.say_trio(match[2])}"


def read_emergency(match):
    return f"{match[1]} {numbers.say_digits(match[2])}"


RULES = [
    (EMAIL, read_address),
    (URL, read_address),
    (r"(?<![\w&])([#@])([A-Za-z]\w*)", read_tag),
    (r"\b([Cc]all|[Dd]ial|[Pp]hone|[Tt]ext)(?:ed|ing)? (\d{3,5})\b", read_emergency),
    *english_amounts.PHONE_RULES,
    (r"\b9/11\b", lambda match: "nine eleven"),
    (r"\b24/7\b", lambda match: "twenty-four seven"),
    (r"(?<=\d)T(?=\d\d:\d\d)", lambda match: " "),
    *english_dates.RULES,
    (rf"(?<=[\d\w])/({'|'.join(LISTS['per'])})\b", read_per),
    (r"(?<![\w.])\d+(?:\.\d+){2,8}(?![\d.])", read_version),
    (r"\b(Boeing|Airbus|[Ff]light|Route|Highway|Interstate) (\d{3})\b", read_trio),
    *english_amounts.RULES,
    (r"(?:\bN[oO]\.|(?<=[a-z] )No|№) ?(?=\d)|#(?=\d)", lambda match: "number "),
    (r"\bNos\. ?(?=\d)", lambda match: "numbers "),
    (rf"\b(?P<name>{'|'.join(MONARCHS)}) {ROMAN}", read_monarch),
    (rf"\b(?P<name>{'|'.join(NUMBERED)}) {ROMAN}", read_numbered),
    (r"(?P<saint>\bSt\. (?=[A-Z]))|\bSt\.", read_saint),
    (r"(?<=[a-z]) v\. (?=[A-Z])", lambda match: " versus "),
    (rf"(?<![\w.])(?:{any_of(ABBREVIATIONS)})(?!\w)", read_abbreviation),
    (r"(?<![\w.])(?:[A-Z]\.){2,}(?!\w)", read_dotted),
    (r"(?<![\w.])([A-Z])\.(?= [A-Z])(?<! I\.)", lambda match: match[1]),
    (english_dates.BARE_YEAR, english_dates.read_year),
    (
        r"(?<![\d.])\b(?=[A-Za-z\-]{0,30}\d)(?=\d*-?[A-Za-z])[A-Za-z0-9]{1,40}(?:-[A-Za-z0-9]{1,40}"
        r"){0,4}(?:(?<=\d)\.\d+)?\b(?!\.\d)",
        read_code,
    ),
    *english_amounts.NUMBER_RULES,
    (r"(?<=\w)\s?&\s?(?=\w)", lambda match: " and "),
    (r"(?<=\w)/(?=\w)", lambda match: " "),
    (r"²", lambda match: " squared"),
    (r"³", lambda match: " cubed"),
    (r"\+", lambda match: " plus "),
    (r"@", lambda match: " at "),
    (r"=", lambda match: " equals "),
    (r"[#*_|<>^\\{}~•·©®™§¶]+", lambda match: " "),
]
RULES = [(re.compile(pattern), function) for pattern, function in RULES]


def read_english(text):
    """Words for everything in an English text that is not written in words."""
    for pattern, function in RULES:
        text = pattern.sub(function, text)
    return tidy(text)


def tidy(text):
    """Single spaces, none before a mark that ends something."""
    text = re.sub(r"[ \t]+", " ", text)
    return re.sub(r" (?=[,.;:!?)])", "", text).strip(" ")
