"""Chinese characters to pinyin, and to what espeak-ng reads rightly."""

import functools
import re

from keras_anchor.drive.texts.tables import LISTS, READINGS, any_of

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇"
HAN_RUN = re.compile(f"[{HAN}]+")
# Words whose last syllable is said without a tone, which pypinyin gives one.
NEUTRAL = re.compile(any_of(LISTS["neutral"]))
# Behind these words 地 marks an adverb, behind those it is a place.
ADVERB = re.compile(f"(?:{any_of(LISTS['adverbs'])})(?=地)")
PLACES = LISTS["places"]
# Behind 得 these tell how something is done.
DEGREES = "很太更最非十好快比像"
# 儿 behind these only colours the syllable; elsewhere it is a child.
COLOURED = "这那哪玩点会事花劲味块头活圈趣份样今明昨伙"
ER = "儿"
# The syllables that espeak-ng 1.52 spells out in English, in its own phoneme names.
MISSING_SYLLABLES = {"xiong": "S;j'ong", "qiong": "tS;hj'ong", "jiong": "tS;j'ong"}
TONES = {"1": "55", "2": "35", "3": "214", "4": "51", "5": "11"}
NUMERALS = "零一二三四五六七八九十百千万亿"


@functools.lru_cache(maxsize=1)
def load_pypinyin():
    """The module, told our `READINGS`.

    Raises:
        ModuleNotFoundError: If the package is not installed.
    """
    try:
        import pypinyin
        import pypinyin.contrib.tone_convert
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "Reading Chinese characters that have several readings needs pypinyin. "
            'Install it: pip install "keras-anchor[speech]"'
        ) from None
    to_tone = pypinyin.contrib.tone_convert.to_tone
    pypinyin.load_phrases_dict(
        {
            word: [[to_tone(syllable)] for syllable in syllables.split()]
            for word, syllables in READINGS.items()
        }
    )
    return pypinyin


def read_syllables(characters, words=None, third_tones=False):
    """`["yin2", "hang2"]` for 银行: one syllable a character; 一 and 不 as said.

    Args:
        characters: Chinese ones only.
        words: The words they form, by default those of pypinyin's phrases.
        third_tones: Whether a third tone before a third tone becomes the second, which
            espeak-ng does by itself.

    Returns:
        Syllables with tone numbers, `5` for the neutral one, `v` for ü; None for a
        character that nobody can read.

    Raises:
        ModuleNotFoundError: If `pypinyin` is not installed.
    """
    pypinyin = load_pypinyin()
    words = cut_words(characters) if words is None else words
    syllables = pypinyin.lazy_pinyin(
        characters,
        style=pypinyin.Style.TONE3,
        neutral_tone_with_five=True,
        v_to_u=False,
        # Never None: pypinyin would look for a tone in it.
        errors=lambda unknown: [""] * len(unknown),
    )
    syllables = [s if s[:1].isalpha() else None for s in syllables]
    soften(characters, syllables, words)
    syllables = change_tones(characters, syllables, find_word_ends(words))
    return change_third_tones(syllables, words) if third_tones else syllables


def soften(characters, syllables, words):
    """Gives weak syllables their neutral tone, in place."""
    for match in NEUTRAL.finditer(characters):
        last = match.end() - 1
        if syllables[last]:
            syllables[last] = syllables[last][:-1] + "5"
    for match in ADVERB.finditer(characters):
        syllables[match.end()] = "de5"
    place, before = 0, ""
    for word in words:
        after = characters[place + 1 : place + 2]
        is_adverb = word == "地" and (
            (len(before) > 1 and before not in PLACES)
            or (before and characters[place - 2 : place] == before * 2)
        )
        if after and (is_adverb or (word == "得" and before and after in DEGREES)):
            syllables[place] = "de5"
        place, before = place + len(word), word


def change_tones(characters, syllables, ends):
    """一 and 不 take the tone that their neighbour asks for; 儿 its neutral one."""
    changed = list(syllables)
    # From the end: in 不一样 the tone of 不 depends on what 一 became.
    for index in range(len(characters) - 1, -1, -1):
        character = characters[index]
        before = characters[index - 1] if index else ""
        after = characters[index + 1 : index + 2]
        next_tone = (changed[index + 1] or "0")[-1] if after else ""
        if character == ER and before and before in COLOURED:
            changed[index] = "er5"
        elif character == "不" and syllables[index] in ("bu2", "bu4"):
            changed[index] = "bu2" if next_tone == "4" else "bu4"
        elif character == "一":
            changed[index] = "yi1"
            if before and before == after and before not in NUMERALS:
                changed[index] = "yi5"
            elif index not in ends and not is_digit(before, after):
                changed[index] = {"": "yi1", "4": "yi2", "5": "yi1"}.get(
                    next_tone, "yi4"
                )
                if after == "个":
                    changed[index] = "yi2"
    return changed


def find_word_ends(words):
    """Where the last character of a word of several stands: 一 in 统一, not in 一起."""
    ends, place = set(), 0
    for word in words:
        place += len(word)
        if len(word) > 1:
            ends.add(place - 1)
    return ends


def change_third_tones(syllables, words):
    """Third tones rise before a third tone of their word or of a single character."""
    changed, place = list(syllables), 0
    lengths = [len(word) for word in words]
    for length, following in zip(lengths, [*lengths[1:], 0], strict=True):
        end = place + length
        # Two words of several characters do not touch.
        last = end if following == 1 or length == 1 else end - 1
        for index in range(place, min(last, len(changed) - 1)):
            here, after = syllables[index] or "", syllables[index + 1] or ""
            if here.endswith("3") and after.endswith("3"):
                changed[index] = here[:-1] + "2"
        place = end
    return changed


def is_digit(before, after):
    """Whether 一 is read as a numeral here, which keeps its first tone.

    It is in 第一名, 十一月, 五月一日 and 一九九八, and behind 统 and 唯; 一百 and 一万
    change it.
    """
    if before and before in "第十零一二三四五六七八九点初周期统唯单之逐":
        return after not in ("百", "千", "万", "亿") or before in "第点"
    if before == "月" and after == "日":
        return True
    return bool(after) and after in "一二三四五六七八九零十月号"


def to_pinyin(text):
    """Pinyin with tone numbers for every Chinese character, spaces between syllables.

    `5` is the neutral tone and `v` stands for ü; 多音字 are read by the words they
    stand in; 一 and 不 as they sound there, and third tones as they are written.
    Everything else stays.

    Raises:
        ModuleNotFoundError: If `pypinyin` is not installed.
    """
    return replace_runs(text, lambda run: " ".join(spell(run)))


def spell(run):
    syllables = read_syllables(run)
    return [
        syllable or character
        for character, syllable in zip(run, syllables, strict=True)
    ]


def replace_runs(text, function):
    """Chinese runs replaced, set off by a space from Latin letters and digits."""

    def replace(match):
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        words = function(match[0])
        return f"{' ' * before.isalnum()}{words}{' ' * after.isalnum()}"

    return HAN_RUN.sub(replace, text)


def to_espeak_mandarin(text):
    """Text that espeak-ng's voice `cmn` reads rightly, where its own readings fail.

    It takes pinyin letters with tone numbers, words written together, for what it is
    told. It says 还钱 with hái, skips characters it does not know, and spells out 这儿
    and 熊 in English. Third tones before third tones change inside espeak.

    Raises:
        ModuleNotFoundError: If `pypinyin` is not installed.
    """
    return replace_runs(text, join_words)


def join_words(run):
    syllables, words, place = read_syllables(run), [], 0
    for word in cut_words(run):
        pieces = syllables[place : place + len(word)]
        place += len(word)
        words.append(write_word(pieces))
    return " ".join(word for word in words if word)


def cut_words(run):
    """The words that pypinyin's phrases cut a run into."""
    from pypinyin.seg.mmseg import seg

    load_pypinyin()
    return list(seg.cut(run))


def spell_missing(syllable):
    """espeak-ng's phonemes for a syllable that it lacks, such as `xiong2`, or None."""
    phonemes, tone = MISSING_SYLLABLES.get(syllable[:-1]), TONES.get(syllable[-1:])
    return phonemes + tone if phonemes and tone else None


def write_word(syllables):
    """Syllables written together, those that espeak lacks as its phonemes."""
    written = ""
    for syllable in syllables:
        if not syllable:
            continue
        if phonemes := spell_missing(syllable):
            written += f" [[{phonemes}]] "
        else:
            written += syllable
    return re.sub(r" +", " ", written).strip()
