"""Sounds in espeak-ng's own phoneme names, which its text may hold in `[[...]]`."""

import re

from keras_anchor.drive.texts.pinyin import spell_missing

# IPA to the phoneme names of its American English; longer ones first.
NAMES = {
    "tʃ": "tS", "dʒ": "dZ", "ʧ": "tS", "ʤ": "dZ",
    "aɪ": "aI", "eɪ": "eI", "ɔɪ": "OI", "aʊ": "aU", "oʊ": "oU", "əʊ": "oU",
    "əl": "@L", "ɑːɹ": "A@", "ɔːɹ": "O@", "ɛɹ": "e@", "ɪɹ": "i@3",
    "iː": "i:", "ɑː": "A:", "ɔː": "O:", "uː": "u:", "ɜː": "3:", "ɜːɹ": "3:",
    "n̩": "n-", "l̩": "@L",
    "i": "i", "ɪ": "I", "ᵻ": "I#", "ɨ": "I#", "e": "E", "ɛ": "E", "æ": "a", "a": "A:",
    "ɑ": "A:", "ɒ": "0", "ɔ": "O:", "o": "oU", "ʌ": "V", "ɐ": "@", "ə": "@", "ᵊ": "@",
    "ɚ": "3", "ɜ": "3:", "ɝ": "3:", "ʊ": "U", "u": "u:", "y": "u:",
    "p": "p", "b": "b", "t": "t", "d": "d", "k": "k", "ɡ": "g", "g": "g", "f": "f",
    "v": "v", "θ": "T", "ð": "D", "s": "s", "z": "z", "ʃ": "S", "ʒ": "Z", "h": "h",
    "m": "m", "n": "n", "ŋ": "N", "l": "l", "ɫ": "l", "ɹ": "r", "r": "r", "w": "w",
    "j": "j", "ɾ": "t#", "ʔ": "?", "x": "x", "ʍ": "w",
    "ˈ": "'", "ˌ": ",",
}  # fmt: skip
LONGEST = max(map(len, NAMES))
# Ties, length and syllable marks that say nothing more here.
IGNORED = "͜͡ː.‿ʰ̩̃ "


def spell_ipa(ipa):
    """IPA of an English word in brackets; a space parts words.

    Raises:
        ValueError: For a symbol that its English has no sound for.
    """
    words = []
    for word in ipa.split():
        # An apostrophe is what a keyboard has for the mark of stress.
        rest, names = word.replace("'", "ˈ"), []
        while rest:
            length = next(
                (n for n in range(min(LONGEST, len(rest)), 0, -1) if rest[:n] in NAMES),
                0,
            )
            if not length and rest[0] not in IGNORED:
                raise ValueError(
                    f"espeak-ng's English has no sound for {rest[0]!r} in the "
                    f"pronunciation {ipa!r}. Known: {' '.join(sorted(NAMES))}."
                )
            names.append(NAMES.get(rest[:length], ""))
            rest = rest[length or 1 :]
        words.append(f"[[{''.join(names)}]]")
    return " ".join(words)


def spell_pinyin(pinyin, engine):
    """Pinyin with the tones as digits, `hang2 ye4`, in brackets.

    Raises:
        ValueError: For what is no syllable of Mandarin.
    """
    names = []
    for syllable in pinyin.replace("ü", "v").replace("u:", "v").split():
        if phonemes := spell_missing(syllable):
            names.append(phonemes)
            continue
        spelled = engine.spell(syllable, "cmn-latn-pinyin", in_ipa=False)
        if (
            "(en)" in spelled
            or not spelled
            or not re.fullmatch(r"[a-z]+[1-5]", syllable)
        ):
            raise ValueError(
                f"{syllable!r} in {pinyin!r} is no pinyin that can be read. Write "
                "syllables with their tones as digits, such as `hang2 ye4`."
            )
        names.append(spelled.removesuffix("_|"))
    return f"[[{' '.join(names)}]]"
