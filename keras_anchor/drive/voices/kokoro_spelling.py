"""Text to the symbols that Kokoro reads: of IPA, with letters for diphthongs."""

import logging
import re
import warnings
from itertools import islice

from keras_anchor.drive.texts.pinyin import HAN, read_syllables
from keras_anchor.drive.voices.kokoro_model import TOKENS

# espeak-ng's IPA, where `^` ties what is one sound, to Kokoro's; longer ones first.
AMERICAN = {
    "a^ɪ": "I", "a^ʊ": "W", "e^ɪ": "A", "ɔ^ɪ": "Y", "o^ʊ": "O", "ə^l": "ᵊl",
    "d^ʒ": "ʤ", "t^ʃ": "ʧ", "ʔˌn̩": "tᵊn", "ʔn̩": "tᵊn", "ɜːɹ": "ɜɹ", "ɜː": "ɜɹ",
    "n̩": "ᵊn", "l̩": "ᵊl", "m̩": "ᵊm", "ɪə": "iə", "aɪ": "I", "aʊ": "W", "eɪ": "A",
    "ɔɪ": "Y", "oʊ": "O", "dʒ": "ʤ", "tʃ": "ʧ", "ɚ": "əɹ", "ɝ": "ɜɹ", "e": "A",
    "r": "ɹ", "x": "k", "ç": "k", "ɐ": "ə", "ɬ": "l", "ɫ": "l", "ʔ": "t", "ɾ": "T",
    "g": "ɡ", "o": "ɔ", "ː": "", "^": "", "\u0303": "", "ʲ": "", "'": "ˈ",
}  # fmt: skip
BRITISH = AMERICAN | {
    "ə^ʊ": "Q", "əʊ": "Q", "e^ə": "ɛː", "eə": "ɛː", "iə": "ɪə", "ɜːɹ": "ɜːɹ",
    "ɜː": "ɜː", "ɪə": "ɪə", "ː": "ː", "ɾ": "ɾ", "ɚ": "ə",
}  # fmt: skip
MARKS = dict(
    zip("，、。．！？：；（）《》「」【】“”‘’", ",,..!?:;()“”“”“”“”''", strict=True)
)
# Marks that Kokoro heeds, where they end a word; what is inside one is espeak-ng's.
PUNCTUATION = re.compile(
    r'\s*(?:((?:(?<=\s)|^)[“"(]+)|([;:,.!?…—”")]+)(?=\s|$|[;:,.!?…—“”"()]))\s*'
)
CHINESE = re.compile(f"([{HAN}]+)")

INITIALS = {
    "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l",
    "g": "k", "k": "kʰ", "h": "x", "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "zh": "ꭧ",
    "ch": "ꭧʰ", "sh": "ʂ", "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s", "": "",
}  # fmt: skip
# 0 is where the tone's arrow goes.
FINALS = {
    "a": "a0", "ai": "ai0", "an": "a0n", "ang": "a0ŋ", "ao": "au0", "e": "ɤ0",
    "ei": "ei0", "en": "ə0n", "eng": "ə0ŋ", "i": "i0", "ia": "ja0", "ian": "jɛ0n",
    "iang": "ja0ŋ", "iao": "jau0", "ie": "je0", "in": "i0n", "iou": "jou0",
    "ing": "i0ŋ", "iong": "jʊ0ŋ", "ong": "ʊ0ŋ", "ou": "ou0", "u": "u0", "uei": "wei0",
    "ua": "wa0", "uai": "wai0", "uan": "wa0n", "uen": "wə0n", "uang": "wa0ŋ",
    "ueng": "wə0ŋ", "uo": "wo0", "o": "wo0", "v": "y0", "ve": "ɥe0", "van": "ɥɛ0n",
    "vn": "y0n", "er": "ɚ0", "ê": "ɛ0", "io": "jɔ0", "m": "m0", "n": "n0", "ng": "ŋ0",
}  # fmt: skip
ARROWS = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}


def spell_english(text, engine, is_british=False):
    """English to Kokoro's symbols, by way of espeak-ng's IPA."""
    voice = "en-gb" if is_british else "en-us"
    text, spelled, end = "".join(MARKS.get(c, c) for c in text), [], 0
    for match in PUNCTUATION.finditer(text):
        spelled.append(spell_words(text[end : match.start()], engine, voice))
        spelled.append(f" {match[1]}" if match[1] else f"{match[2]} ")
        end = match.end()
    spelled.append(spell_words(text[end:], engine, voice))
    return re.sub(" +", " ", "".join(spelled))


def spell_words(text, engine, voice):
    """Words without marks between them."""
    if not text.strip():
        return ""
    return convert_ipa(engine.spell(text, voice), voice == "en-gb")


def convert_ipa(ipa, is_british=False):
    """IPA as espeak-ng or a dictionary writes it, to Kokoro's symbols."""
    table = BRITISH if is_british else AMERICAN
    # `(fr)` says that the voice changes for a word.
    ipa = re.sub(r"\([a-z^-]+\)", "", ipa.replace("\u0361", "^"))
    pattern = "|".join(map(re.escape, sorted(table, key=len, reverse=True)))
    ipa = re.sub(pattern, lambda match: table[match[0]], ipa)
    kept = "".join(symbol for symbol in ipa if symbol in TOKENS)
    # The first one coloured the vowel.
    return kept.replace("ɹɹ", "ɹ")


def spell_mandarin(text):
    """Chinese characters to Kokoro's symbols, word by word.

    Raises:
        ModuleNotFoundError: If `pypinyin` or `jieba` is not installed.
    """
    jieba = import_jieba()
    spelled = []
    for index, piece in enumerate(CHINESE.split(text)):
        if not index % 2:
            piece = "".join(MARKS.get(c, c) for c in piece)
            kept = "".join(c for c in piece if c in TOKENS and not c.isalpha())
            spelled.append(f"{kept} " if kept.strip() else kept)
            continue
        words = list(jieba.cut(piece))
        syllables = iter(read_syllables(piece, words, third_tones=True))
        said = [[s for s in islice(syllables, len(word)) if s] for word in words]
        spelled.append(" ".join("".join(map(convert_pinyin, word)) for word in said))
    return "".join(spelled)


def convert_pinyin(syllable):
    """One syllable such as `hao3` to Kokoro's symbols.

    Raises:
        ValueError: For what is no syllable of Mandarin.
    """
    from pypinyin.contrib import tone_convert

    match = re.fullmatch("([a-zêüv:]+?)([1-5]?)", syllable.replace("u:", "v").lower())
    plain = match[1].replace("ü", "v") if match else ""
    initial = tone_convert.to_initials(plain)
    final = tone_convert.to_finals(plain)
    if plain in ("m", "n", "ng", "er", "ê", "io"):
        initial, final = "", plain
    elif plain in ("hm", "hng"):
        return f"x{plain[1:].replace('ng', 'ŋ')}"
    if not match or initial not in INITIALS or final not in FINALS:
        raise ValueError(
            f"{syllable!r} is no pinyin that can be read. Write syllables with their "
            "tones as digits, such as `hang2 ye4`."
        )
    shape = FINALS[final]
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        shape = "ɨ0"
    elif plain == "o":
        shape = "ɔ0"
    return INITIALS[initial] + shape.replace("0", ARROWS[match[2] or "5"])


def import_jieba():
    """The module, which knows words."""
    try:
        with warnings.catch_warnings():
            # Backslashes in its source that newer Pythons warn about.
            warnings.simplefilter("ignore")
            import jieba
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"Reading Chinese with a natural voice needs {error.name}. Install it: "
            'pip install "keras-anchor[natural]"'
        ) from None
    jieba.setLogLevel(logging.WARNING)
    return jieba
