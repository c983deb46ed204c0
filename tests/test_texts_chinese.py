import re
import time

import pytest

from keras_anchor.drive.texts import chinese_numbers, english_numbers
from keras_anchor.drive.texts.normalising import normalise

CHINESE = [
    # Numbers
    ("共有105人", "共有一百零五人"),
    ("共1,234,567.89元", "共一百二十三万四千五百六十七点八九元"),
    ("10个", "十个"),
    ("2个人", "两个人"),
    ("12个人", "十二个人"),
    ("第2个", "第二个"),
    ("2000米", "两千米"),
    ("2万人", "两万人"),
    ("10001人", "一万零一人"),
    ("下跌-3点", "下跌负三点"),
    ("0.05", "零点零五"),
    ("3.5亿元", "三点五亿元"),
    ("第3名", "第三名"),
    ("1/2", "二分之一"),
    ("3/4的人", "四分之三的人"),
    ("10-15人", "十到十五人"),
    ("20~30人", "二十到三十人"),
    ("１２３人", "一百二十三人"),
    # Years, dates, times
    ("1998年", "一九九八年"),
    ("有1998人", "有一千九百九十八人"),
    ("2000年前", "两千年前"),
    ("5000年历史", "五千年历史"),
    ("20年", "二十年"),
    ("08年", "零八年"),
    ("1990年代", "一九九零年代"),
    ("80后", "八零后"),
    ("2026年11月30日", "二零二六年十一月三十日"),
    ("2026-11-30", "二零二六年十一月三十日"),
    ("2026/1/2", "二零二六年一月二日"),
    ("09月05日", "九月五日"),
    ("2月2日", "二月二日"),
    ("1998-2002年", "一九九八到二零零二年"),
    ("2026年3-5月", "二零二六年三到五月"),
    ("上午10:30", "上午十点三十分"),
    ("10:05开始", "十点零五分开始"),
    ("2:00开始", "两点整开始"),
    ("10:30 pm开始", "晚上十点三十分开始"),
    ("下午3点30分", "下午三点三十分"),
    # Money, percent, units
    ("¥300", "三百元"),
    ("¥300元", "三百元"),
    ("售价$20", "售价二十美元"),
    ("投资$3.5bn", "投资三十五亿美元"),
    ("投资$3.5亿", "投资三点五亿美元"),
    ("£1.2m的", "一百二十万英镑的"),
    ("€20的", "二十欧元的"),
    ("增长5.2%", "增长百分之五点二"),
    ("百分之5.2", "百分之五点二"),
    ("5%-8%", "百分之五到百分之八"),
    ("5-8%", "百分之五到八"),
    ("下降-0.3%", "下降负百分之零点三"),
    ("3‰", "千分之三"),
    ("0.5个百分点", "零点五个百分点"),
    ("时速100km/h", "时速每小时一百公里"),
    ("-5°C", "零下五摄氏度"),
    ("-5℃~3℃", "零下五摄氏度到三摄氏度"),
    ("重5kg", "重五公斤"),
    ("重 5 kg 的", "重五公斤的"),
    ("50m²", "五十平方米"),
    ("5元/吨", "五元每吨"),
    # Telephones, scores, ratios
    ("电话13800138000", "电话幺三八，零零幺三，八零零零"),
    ("电话010-12345678", "电话零幺零，幺二三四五六七八"),
    ("拨打110", "拨打幺幺零"),
    ("以3-2战胜", "以三比二战胜"),
    ("比分3:2", "比分三比二"),
    ("比例为2:1", "比例为二比一"),
    # The wires
    ("营业10:00-12:00", "营业十点整到十二点整"),
    ("9·11事件", "九一一事件"),
    ("2022冬奥会", "二零二二冬奥会"),
    ("得2分", "得两分"),
    ("GDP1015000亿元，同比增长4.8%", "GDP一百零一万五千亿元，同比增长百分之四点八"),
    ("最高气温-2℃，北风3-4级", "最高气温零下二摄氏度，北风三到四级"),
    ("中国队2:1战胜日本队", "中国队二比一战胜日本队"),
    ("改革开放40多年", "改革开放四十多年"),
    ("20世纪90年代", "二十世纪九十年代"),
    ("2025-2026赛季", "二零二五到二零二六赛季"),
    ("C919客机", "C九一九客机"),
    ("23时44分", "二十三时四十四分"),
    ("7.0856", "七点零八五六"),
    ("5至8折", "五至八折"),
    # Codes, addresses, signs
    ("5G网络", "五G网络"),
    ("MU5735航班", "MU五七三五航班"),
    ("波音737", "波音七三七"),
    ("歼-20", "歼二十"),
    ("PM2.5超标", "PM二点五超标"),
    ("G20峰会", "G二十峰会"),
    ("315晚会", "三一五晚会"),
    ("世界No.1的", "世界第一的"),
    ("请访问www.cctv.com", "请访问W W W点cctv点com"),
    ("信箱news@cctv.com的", "信箱news艾特cctv点com的"),
    ("#热点话题#", "热点话题"),
    ("好的😀👍🏻", "好的"),
    ("A&B公司和甲&乙", "A and B公司和甲和乙"),
    ("二〇二六年", "二〇二六年"),
]
MIXED = [
    ("GDP增长5.2%", "zh", "GDP增长百分之五点二"),
    ("GDP增长5.2%", "en", "GDP增长百分之五点二"),
    ("他在iPhone 15发布会上", "zh", "他在iPhone 十五发布会上"),
    ("他买了iPhone 15。", "zh", "他买了iPhone fifteen。"),
    ("The company 华为 grew 5%", "en", "The company 华为 grew five percent"),
    ("The company 华为 grew 5%.", "zh", "The company 华为 grew five percent."),
    ("我们meet at 10:30吧", "zh", "我们meet at 十点三十分吧"),
    (
        "Apple sold 5m phones, 华为卖了3.5亿部。",
        "en",
        "Apple sold five million phones, 华为卖了三点五亿部。",
    ),
    ("In 1998 和1998年", "en", "In nineteen ninety-eight 和一九九八年"),
    ("5", "en", "five"),
    ("5", "zh", "五"),
    ("Он взял 5 рублей", "en", "Он взял 5 рублей"),
]


@pytest.mark.parametrize(("written", "said"), CHINESE)
def test_chinese_is_said_as_a_newsreader_says_it(written, said):
    assert normalise(written, "zh") == said


@pytest.mark.parametrize(("written", "language", "said"), MIXED)
def test_each_part_is_said_in_its_own_language(written, language, said):
    assert normalise(written, language) == said


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="Expected the language `en` or `zh`, rec"):
        normalise("Bonjour", "fr")


def read_back(words):
    """The value of Chinese numerals, by their places: the slow way round."""
    digits = {
        character: value for value, character in enumerate("零一二三四五六七八九")
    }
    digits["两"] = 2
    total = section = digit = 0
    for character in "一" * words.startswith("十") + words:
        if character in digits:
            digit = digits[character]
        elif character in "十百千":
            section += digit * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            total += (section + digit) * {"万": 10**4, "亿": 10**8}[character]
            section = digit = 0
    return total + section + digit


@pytest.mark.parametrize("step", [1, 7919, 1_299_709])
def test_chinese_numbers_read_back(step):
    for number in range(0, min(10**9, step * 3000), step):
        assert read_back(chinese_numbers.say_whole(number)) == number


def test_english_numbers_differ_and_have_no_figures():
    said = [english_numbers.say_whole(n) for n in range(0, 2_000_000, 613)]
    assert len(set(said)) == len(said)
    assert not any(re.search(r"\d", words) for words in said)


def test_roman_numerals_read_back():
    for number in range(1, 4000):
        assert english_numbers.read_roman(english_numbers.write_roman(number)) == number
    assert english_numbers.read_roman("IIX") is None


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "piece", ["a", "1", "1,", "a.", "a@", "1a", "中1", "$", "-", "."]
)
def test_any_text_is_read_in_linear_time(language, piece):
    start = time.process_time()
    normalise(piece * (5_000 // len(piece)), language)
    # Linear patterns take .1 seconds; one quadratic in the length takes 1 to 20.
    assert time.process_time() - start < 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_figure_of_a_plain_text_is_left(language):
    text = (
        "1 22 333 4,444 55555 6.6 7% $8 9:09 10kg 11/12 13th A14 15-16 #17 18°C 中19日"
    )
    assert not re.search(r"\d", normalise(text, language))
