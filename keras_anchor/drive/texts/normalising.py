"""Text as it is written to text as a newsreader says it."""

import re
import unicodedata

from keras_anchor.drive.texts.chinese import read_chinese
from keras_anchor.drive.texts.english import read_english
from keras_anchor.drive.texts.languages import split_for_reading

READERS = {"en": read_english, "zh": read_chinese}
# Signs that are said, and would otherwise be taken for pictures.
KEPT_SIGNS = "°℃℉©®™№㎡㎏㎞×÷±"
# Those that the readers know; ① and Ⅳ become plain ones.
KEPT_NUMBERS = "½⅓⅔¼¾⅛²³〇"
# Pictures, parts of pictures, unassigned and private characters, and controls.
DROPPED = ("So", "Sk", "Cs", "Co", "Cn", "Cf", "Cc", "Me")


def normalise(text, language):
    """What is to be said, in words.

    Numbers, dates, money, units, abbreviations, addresses and signs are written out,
    those in English surroundings in English and those in Chinese ones in Chinese;
    pictures are dropped; every other script stays as it is.

    Args:
        language: `en` or `zh`: the language of the whole, which decides where the
            surroundings of a number do not.

    Raises:
        ValueError: For another language.
    """
    if language not in READERS:
        raise ValueError(
            f"Expected the language `en` or `zh`, received {language!r}. A text in "
            "another language goes to its voice as it is."
        )
    said = []
    for part, name in split_for_reading(clean(text), language):
        reader = READERS.get(name)
        words = reader(part) if reader else part
        # A reader trims; what parts had between them stays.
        gap = " " if part[:1].isspace() and said else ""
        said.append(gap + words + (" " if part[-1:].isspace() else ""))
    lines = re.sub(r" *\n *", "\n", "".join(said))
    return re.sub(r" {2,}", " ", lines).strip()


def clean(text):
    """One form for each character; pictures and invisible ones dropped."""
    return "".join(
        narrow(character) for character in unicodedata.normalize("NFC", text)
    )


def narrow(character):
    if "！" <= character <= "～" and (
        character.isalnum() or character in "％＋－／＠＃"
    ):
        return chr(ord(character) - 0xFEE0)
    if character in "\n\u2028\u2029":
        return "\n"
    if character.isspace():
        return " "
    if (
        unicodedata.category(character) in ("No", "Nl")
        and character not in KEPT_NUMBERS
    ):
        return unicodedata.normalize("NFKC", character)
    # Keycap digits and selectors of a picture's look.
    if "\ufe00" <= character <= "\ufe0f":
        return ""
    if unicodedata.category(character) in DROPPED and character not in KEPT_SIGNS:
        return "" if unicodedata.category(character) == "Cf" else " "
    return character
