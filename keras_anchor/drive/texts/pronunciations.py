"""A user's own pronunciations: a plain text file, one `word = pronunciation` a line."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from keras_anchor.drive.texts.languages import find_language
from keras_anchor.drive.texts.normalising import clean

HELP = (
    "a line holds `word = pronunciation`: another spelling (`GIF = jif`), IPA between "
    "slashes (`Xiaomi = /ʃaʊˈmiː/`) or pinyin with tone numbers "
    "(`行长 = hang2 zhang3`)"
)
SYLLABLE = re.compile(r"[a-zü]{1,6}[0-5]", re.IGNORECASE)
# Letters and marks that IPA has; digits and capitals are none of them.
IPA = re.compile(r"[a-zæçðøħŋœβθχɐ-ʯʰ-˿\u0300-\u036fᵻᵊⁿ͜͡|‖‿ .()-]+")


@dataclass(frozen=True)
class Part:
    """A stretch of text, and how to say it where the user told: IPA or pinyin."""

    text: str
    ipa: str | None = None
    pinyin: str | None = None


@dataclass
class Pronunciations:
    """Words and how they are said: `entries` maps a word to a `Part`.

    A `Part` whose text differs from the word is another spelling. Words of small Latin
    letters are found whatever their case; others as they are written.
    """

    entries: dict = field(default_factory=dict)

    def __post_init__(self):
        words = sorted(self.entries, key=len, reverse=True)
        folded = "|".join(bound(w, ignore_case=w == w.lower()) for w in words)
        self.pattern = re.compile(folded) if words else None
        self.folded = {
            " ".join(w.lower().split()): part for w, part in self.entries.items()
        }

    def find(self, found):
        found = " ".join(found.split())
        return self.entries.get(found) or self.folded[found.lower()]


def bound(word, ignore_case):
    """A pattern for the word; a Latin letter at its end asks for a word's end."""
    pattern = r"\s+".join(re.escape(piece) for piece in word.split())
    if ignore_case:
        pattern = f"(?i:{pattern})"
    before = r"(?<![A-Za-zÀ-ɏ0-9])" if is_latin(word[0]) else ""
    is_chinese = find_language(word[-1]) == "zh"
    after = "" if is_chinese else r"(?![A-Za-zÀ-ɏ0-9])"
    return before + pattern + after


def is_latin(character):
    return find_language(character) == "en" or character.isdecimal()


def read_pronunciations(path):
    """Reads a pronunciation file.

    Args:
        path: UTF-8 text; `#` begins a comment.

    Returns:
        `Pronunciations`.

    Raises:
        ValueError: With the line's number, for a line that is none, or a word that
            stands there twice.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (FileNotFoundError, IsADirectoryError):
        raise ValueError(f"There is no pronunciation file {path}.") from None
    except UnicodeDecodeError:
        raise ValueError(
            f"{path} is no text in UTF-8. Save it as UTF-8; {HELP}."
        ) from None
    entries, numbers = {}, {}
    for number, line in enumerate(lines, start=1):
        # A `#` inside a word, as in C#, is no comment.
        line = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if not line:
            continue
        word, part = read_line(line, f"{path}, line {number}")
        if word in entries:
            raise ValueError(
                f"{path}, line {number}: {word!r} stands already in line "
                f"{numbers[word]}. Remove one of the two."
            )
        entries[word], numbers[word] = part, number
    return Pronunciations(entries)


def read_line(line, where):
    word, equals, said = (piece.strip() for piece in line.partition("="))
    # As texts are, before words are looked for in them.
    word = clean(word).strip()
    if not (word and equals and said):
        raise ValueError(f"{where}: received {line!r}, but {HELP}.")
    if said.startswith("/"):
        ipa = said[1:-1].strip()
        if len(said) < 3 or not said.endswith("/") or not IPA.fullmatch(ipa):
            raise ValueError(
                f"{where}: {said!r} is no IPA between two slashes, such as /ʃaʊˈmiː/."
            )
        return word, Part(word, ipa=ipa)
    syllables = said.split()
    if any(re.search(r"[a-zü]\d$", syllable, re.I) for syllable in syllables):
        return word, Part(word, pinyin=check_pinyin(word, syllables, where))
    return word, Part(said)


def check_pinyin(word, syllables, where):
    for syllable in syllables:
        if not SYLLABLE.fullmatch(syllable):
            raise ValueError(
                f"{where}: {syllable!r} is no syllable of pinyin with its tone number, "
                "such as hang2 or lv4; 5 is the neutral tone."
            )
    num_characters = sum(find_language(character) == "zh" for character in word)
    if num_characters and num_characters != len(syllables):
        raise ValueError(
            f"{where}: {word!r} has {num_characters} characters, but "
            f"{' '.join(syllables)!r} has {len(syllables)} syllables."
        )
    return " ".join(syllables).lower().replace("ü", "v").replace("0", "5")


def apply_pronunciations(text, pronunciations):
    """Cuts text at the words that the user told us how to say.

    The longest word wins; Latin words are found as whole words, Chinese ones anywhere.

    Args:
        pronunciations: `Pronunciations`, or None for none.

    Returns:
        `[Part, ...]`: other spellings already lie in the text of the parts around
        them; a part with `ipa` or `pinyin` is one word.
    """
    if not text:
        return []
    if pronunciations is None or pronunciations.pattern is None:
        return [Part(text)]
    parts, plain, start = [], "", 0
    for match in pronunciations.pattern.finditer(text):
        plain += text[start : match.start()]
        start = match.end()
        part = pronunciations.find(match[0])
        if part.ipa is None and part.pinyin is None:
            plain += part.text
            continue
        if plain:
            parts.append(Part(plain))
        parts.append(Part(match[0], part.ipa, part.pinyin))
        plain = ""
    plain += text[start:]
    return [*parts, Part(plain)] if plain else parts
