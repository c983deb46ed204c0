"""What is written in Chinese, in characters that a newsreader says."""

import re

from keras_anchor.drive.texts import chinese_amounts
from keras_anchor.drive.texts import chinese_numbers as numbers
from keras_anchor.drive.texts.chinese_amounts import FALLING
from keras_anchor.drive.texts.tables import EMAIL, RANGE, URL

SIGNS = {".": "点", "/": "斜杠", "-": "杠", "_": "下划线", "@": "艾特", ":": "冒号"}
HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
YEAR = r"(?<!\d)(?P<year>1\d{3}|20\d\d|21\d\d)"
# A round number of years is a span before these.
SPAN = "(?!历史|前|以前|来|以来|间|之久|之后|后|的历史|多|之前|文明)"
HALVES = {"a": "上午", "p": "下午"}
# A unit may stand before `/` in 元/吨.
PER = (
    r"(?<=[元分角次人米里吨克度万亿个])\s?/\s?"
    r"(?=[年月日天周时小分秒吨千公升平立人个次户亩克])"
)


def read_address(match):
    """`https://www.cctv.com/a` as `W W W点cctv点com斜杠a`."""
    address = re.sub(r"^https?://", "", match[0]).rstrip("./")
    address = re.split(r"[?#]", address)[0]
    address = re.sub(r"\d+", lambda found: numbers.say_digits(found[0]), address)
    for sign, word in SIGNS.items():
        address = address.replace(sign, word)
    return re.sub(r"^www(?=点)", "W W W", address)


def read_date(match):
    first, month, day = re.split(r"\D", match[0])
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return match[0]
    return f"{numbers.say_digits(first)}年{say(month)}月{say(day)}日"


def say(digits):
    """Digits as a number, whatever zeros stand before."""
    return numbers.say_number(int(digits))


def read_year(match):
    year = match["year"]
    if year.endswith("000") and not re.match(f"年{SPAN}", match.string[match.end() :]):
        return numbers.say_number(year)
    return numbers.say_digits(year)


def read_short_year(match):
    return numbers.say_digits(match[0])


def read_years(match):
    return f"{numbers.say_digits(match['year'])}到{numbers.say_digits(match['last'])}"


def read_calendar(match):
    """`09月05日` without its zeros."""
    return say(match[1])


def read_time(match):
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 24 or minute > 59:
        return match[0]
    half = (match["half"] or "")[:1].lower()
    before = match.string[: match.start()]
    words = HALVES.get(half, "")
    if half == "p" and 6 <= hour < 12:
        words = "晚上"
    if re.search("(?:上午|下午|晚上|凌晨|早上|中午|傍晚|清晨|早晨|晚间|深夜)$", before):
        words = ""
    words += "两点" if hour == 2 else f"{say(hour)}点"
    if minute:
        words += ("零" if minute < 10 else "") + f"{say(minute)}分"
    elif not match["second"]:
        words += "整"
    if match["second"]:
        words += "" if minute else "零分"
        second = int(match["second"])
        words += ("零" if second < 10 else "") + f"{say(second)}秒"
    return words


def read_version(match):
    return "点".join(map(numbers.say_number, match[0].split(".")))


def read_code(match):
    """`MU5735` as MU五七三五, `F-16` as F十六."""
    is_amount = match.string[match.end() : match.end() + 1] in tuple("万亿元美个人家名")

    def read(found):
        digits = found[0]
        is_long = len(digits) > 2 and "." not in digits and not is_amount
        return numbers.say_digits(digits) if is_long else numbers.say_number(digits)

    return re.sub(r"\d+(?:\.\d+)?", read, match[0]).replace("-", "")


RULES = [
    (EMAIL, read_address),
    (URL, read_address),
    (r"#([^#\s]{1,60})#", lambda match: match[1]),
    (r"(?<![\w])@(?=\w)", lambda match: "艾特"),
    *chinese_amounts.PHONE_RULES,
    (r"(?<!\d)(?:19|20|21)\d\d([-/.])\d{1,2}\1\d{1,2}(?!\d)", read_date),
    (
        rf"{YEAR}年?(?:{RANGE}|至|到)(?P<last>1\d{{3}}|2[01]\d\d)(?=年|赛季|财年|学年)",
        read_years,
    ),
    (rf"{YEAR}(?=\s?年(?!级))", read_year),
    (rf"(?<![\d.])(?:0\d|[4-9]\d)(?=年(?!{SPAN[3:-1]}|代|级|内|里))", read_short_year),
    (r"(?<!\d)0(\d)(?=\s?[月日号时点分秒])", read_calendar),
    (r"(?<![\d.])\d+(?:\.\d+){2,8}(?![\d.])", read_version),
    *chinese_amounts.RULES,
    (
        r"(?<=[:：]\d\d)\s?[-–—~～]\s?(?=\d{1,2}[:：]\d\d)",
        lambda match: "到",
    ),
    (r"(?<![\d.])\d{1,2}·\d{1,2}(?!\d)", chinese_amounts.read_digits),
    (
        r"(?<!\d)(?:19|20)\d\d(?=冬奥|奥运|亚运|世界杯|款|版|春|夏|秋|冬|峰会|论坛|年会)",
        chinese_amounts.read_digits,
    ),
    (r"(?<!\d)[48]00(?=电话|热线|客服)", chinese_amounts.read_digits),
    (
        r"(?<![\d:.])(?P<hour>\d{1,2})[:：](?P<minute>\d\d)(?:[:：](?P<second>\d\d))?"
        r"(?:\s?(?P<half>[AaPp])\.?[Mm](?![A-Za-z])\.?)?(?![\d:])",
        read_time,
    ),
    (
        r"(?<![\d:.])(?P<hour>\d{1,2})(?P<minute>(?=\s?[AaPp]))(?P<second>)"
        r"\s?(?P<half>[AaPp])\.?[Mm](?![A-Za-z])\.?",
        lambda match: HALVES[match["half"].lower()] + say(match["hour"]) + "点",
    ),
    (
        r"(波音|空客|航班|公路|国道|房间)(\d{3,4})(?!\d|[.,]\d)",
        chinese_amounts.read_trio,
    ),
    (
        r"(?<!\d)(?:315|618|911|996|985|211|007)(?=晚会|大促|购物|活动|事件|工作制|高校|工程|院校|、2)",
        chinese_amounts.read_digits,
    ),
    (r"(?<=[A-Z])2(?=[A-Z](?![A-Za-z0-9]))", lambda match: " to "),
    (r"(?<!\d)[05-9]0(?=后(?!\d))", chinese_amounts.read_digits),
    (r"(?<![A-Za-z])[Nn][Oo]\.\s?1(?!\d)", lambda match: "第一"),
    (r"(?<![A-Za-z])[Nn][Oo]\.\s?(?=\d)", lambda match: "第"),
    (r"(?<![A-Za-z])[Vv][Ss](?![A-Za-z])\.?", lambda match: "对"),
    *chinese_amounts.AMOUNT_RULES,
    (
        r"(?<![A-Za-z0-9\-])(?=[A-Za-z\-]{0,30}\d)(?=\d*-?[A-Za-z])[A-Za-z0-9]{1,60}"
        r"(?:-[A-Za-z0-9]{1,60}){0,4}(?:(?<=\d)\.\d+)?",
        read_code,
    ),
    (rf"(?<=[{HAN}A-Za-z”》])(?<!{FALLING})[-·](?=\d)", lambda match: ""),
    (r"±\s?(?=\d)", lambda match: "正负"),
    (r"[≥]\s?(?=\d)", lambda match: "大于等于"),
    (r"[≤]\s?(?=\d)", lambda match: "小于等于"),
    (r">\s?(?=\d)", lambda match: "大于"),
    (r"<\s?(?=\d)", lambda match: "小于"),
    (r"[~～≈](?=\d)", lambda match: "约"),
    (r"(?<=\d)\s?[×x]\s?(?=\d)", lambda match: "乘"),
    (r"(?<=\d)\s?\+(?=\s?\d)", lambda match: "加"),
    (chinese_amounts.FIRST, chinese_amounts.read_number),
    (PER, lambda match: "每"),
    (rf"(?<=[{HAN}])\s?/\s?(?=[{HAN}])", lambda match: "、"),
    (rf"(?<=[{HAN}])\s?&\s?(?=[{HAN}])", lambda match: "和"),
    (r"²", lambda match: "平方"),
    (r"³", lambda match: "立方"),
    (r"\+", lambda match: "加"),
    (r"=", lambda match: "等于"),
    (r"&", lambda match: "和"),
    (r"[#*_|<>^\\{}~•©®™§¶]+", lambda match: " "),
]
RULES = [(re.compile(pattern), function) for pattern, function in RULES]
# Chinese is set with or without spaces around figures; said, there are none.
AROUND_FIGURES = re.compile(
    rf"(?<=[{HAN}])[ ]+(?=[$€£¥￥]?\d)|(?<=[\dA-Za-z%°℃²³])[ ]+(?=[{HAN}])"
)


def read_chinese(text):
    """Characters for everything in a Chinese text that is not written in them."""
    text = AROUND_FIGURES.sub("", text)
    for pattern, function in RULES:
        text = pattern.sub(function, text)
    return re.sub(r"[ \t]+", " ", text).strip(" ")
