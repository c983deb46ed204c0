import builtins

import pytest

pytest.importorskip("pypinyin")

from keras_anchor.drive.texts import pinyin  # noqa: E402

# Characters with several readings, in words whose reading every dictionary gives.
WORDS = {
    "银行": "yin2 hang2",
    "行走": "xing2 zou3",
    "行长": "hang2 zhang3",
    "行业": "hang2 ye4",
    "流行": "liu2 xing2",
    "重庆": "chong2 qing4",
    "重要": "zhong4 yao4",
    "重复": "chong2 fu4",
    "体重": "ti3 zhong4",
    "长大": "zhang3 da4",
    "长度": "chang2 du4",
    "校长": "xiao4 zhang3",
    "长城": "chang2 cheng2",
    "还钱": "huan2 qian2",
    "还有": "hai2 you3",
    "归还": "gui1 huan2",
    "了解": "liao3 jie3",
    "来了": "lai2 le5",
    "为了": "wei4 le5",
    "音乐": "yin1 yue4",
    "快乐": "kuai4 le4",
    "会计": "kuai4 ji4",
    "开会": "kai1 hui4",
    "得到": "de2 dao4",
    "觉得": "jue2 de5",
    "睡觉": "shui4 jiao4",
    "中国": "zhong1 guo2",
    "中奖": "zhong4 jiang3",
    "朝阳": "zhao1 yang2",
    "朝鲜": "chao2 xian3",
    "大夫": "dai4 fu5",
    "大学": "da4 xue2",
    "都市": "du1 shi4",
    "首都": "shou3 du1",
    "参加": "can1 jia1",
    "人参": "ren2 shen1",
    "调查": "diao4 cha2",
    "调整": "tiao2 zheng3",
    "传统": "chuan2 tong3",
    "传记": "zhuan4 ji4",
    "弹琴": "tan2 qin2",
    "子弹": "zi3 dan4",
    "教育": "jiao4 yu4",
    "教书": "jiao1 shu1",
    "应该": "ying1 gai1",
    "反应": "fan3 ying4",
    "降落": "jiang4 luo4",
    "投降": "tou2 xiang2",
    "处理": "chu3 li3",
    "到处": "dao4 chu4",
    "给予": "ji3 yu3",
    "供给": "gong1 ji3",
    "血液": "xue4 ye4",
    "角色": "jue2 se4",
    "宿舍": "su4 she4",
    "便宜": "pian2 yi5",
    "方便": "fang1 bian4",
    "率领": "shuai4 ling3",
    "效率": "xiao4 lv4",
    "薄弱": "bo2 ruo4",
    "模样": "mu2 yang4",
    "模型": "mo2 xing2",
    "女儿": "nv3 er2",
    "这儿": "zhe4 er5",
    "熊猫": "xiong2 mao1",
}
TONES = {
    "积极地推动": "ji1 ji2 de5 tui1 dong4",
    "高兴地说": "gao1 xing4 de5 shuo1",
    "慢慢地走": "man4 man4 de5 zou3",
    "当地时间": "dang1 di4 shi2 jian1",
    "目的地": "mu4 di4 di4",
    "跑得很快": "pao3 de5 hen3 kuai4",
    "消息": "xiao1 xi5",
    "男子": "nan2 zi3",
    "视为": "shi4 wei2",
    "一个": "yi2 ge4",
    "一天": "yi4 tian1",
    "一年": "yi4 nian2",
    "一百": "yi4 bai3",
    "一万": "yi2 wan4",
    "第一名": "di4 yi1 ming2",
    "十一月": "shi2 yi1 yue4",
    "五月一日": "wu3 yue4 yi1 ri4",
    "一九九八年": "yi1 jiu3 jiu3 ba1 nian2",
    "统一": "tong3 yi1",
    "看一看": "kan4 yi5 kan4",
    "不是": "bu2 shi4",
    "不好": "bu4 hao3",
    "不一样": "bu4 yi2 yang4",
    "差不多": "cha4 bu5 duo1",
    "你好": "ni3 hao3",
}


@pytest.mark.parametrize(("word", "said"), (WORDS | TONES).items())
def test_characters_are_read_by_their_words(word, said):
    assert pinyin.to_pinyin(word) == said


def test_what_is_not_chinese_stays():
    assert pinyin.to_pinyin("GDP增长，OK") == "GDP zeng1 zhang3，OK"
    assert pinyin.to_pinyin("Hello 5!") == "Hello 5!"


@pytest.mark.parametrize("rare", ["𠮷", "\U00030000", "\uf900"])
def test_characters_without_a_reading_are_passed_over(rare):
    assert pinyin.to_espeak_mandarin(f"{rare}好") == "hao3"
    assert pinyin.to_pinyin(f"好{rare}") == f"hao3 {rare}"


def test_third_tones_rise_where_the_engine_does_not_do_it():
    assert pinyin.read_syllables("你好", third_tones=True) == ["ni2", "hao3"]
    assert pinyin.read_syllables(
        "我很好", words=["我", "很", "好"], third_tones=True
    ) == ["wo2", "hen2", "hao3"]


def test_espeak_gets_words_in_pinyin():
    assert pinyin.to_espeak_mandarin("银行。") == "yin2hang2。"
    assert pinyin.to_espeak_mandarin("熊猫") == "[[S;j'ong35]] mao1"
    assert pinyin.to_espeak_mandarin("看GDP") == "kan4 GDP"


@pytest.mark.parametrize("words", [WORDS, TONES])
def test_espeak_says_what_it_is_told(words):
    pytest.importorskip("espeakng_loader")
    from keras_anchor.drive.voices.espeak_engine import load_espeak

    engine = load_espeak()

    def hear(text):
        events = engine.speak(text, "cmn", 205)[1]
        return "".join(symbol for _, symbol in events).translate(STRESS)

    for word, said in words.items():
        heard = hear(pinyin.to_espeak_mandarin(word))
        # It never falls back to English, and says each syllable as it does alone.
        assert "(en)" not in heard, word
        if "iong" not in said:
            assert heard == "".join(map(hear, said.split())), word


STRESS = str.maketrans("", "", "ˈˌ")


def test_without_pypinyin_it_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def block(name, *args, **kwargs):
        if name.startswith("pypinyin"):
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)

    pinyin.load_pypinyin.cache_clear()
    monkeypatch.setattr(builtins, "__import__", block)
    with pytest.raises(ModuleNotFoundError, match="needs pypinyin. Install it: pip"):
        pinyin.to_pinyin("银行")
