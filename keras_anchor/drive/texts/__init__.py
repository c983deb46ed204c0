"""Texts as they are written, turned into texts as they are said."""

from keras_anchor.drive.texts.languages import split_by_language
from keras_anchor.drive.texts.normalising import normalise
from keras_anchor.drive.texts.pinyin import to_espeak_mandarin, to_pinyin
from keras_anchor.drive.texts.pronunciations import (
    apply_pronunciations,
    read_pronunciations,
)
from keras_anchor.drive.texts.sentences import split_sentences

__all__ = [
    "apply_pronunciations",
    "normalise",
    "read_pronunciations",
    "split_by_language",
    "split_sentences",
    "to_espeak_mandarin",
    "to_pinyin",
]
