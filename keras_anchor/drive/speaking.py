"""Text to speech: sentence by sentence, in whatever languages and voice."""

import functools
import unicodedata

from keras_anchor.drive.speech import join
from keras_anchor.drive.texts.normalising import clean, normalise
from keras_anchor.drive.texts.pronunciations import apply_pronunciations
from keras_anchor.drive.texts.sentences import split_sentences
from keras_anchor.drive.voices import find_language, find_voice
from keras_anchor.drive.voices.marked import mark_ipa, mark_pinyin, unmark
from keras_anchor.drive.voices.readable import check_readable

# Seconds of silence after a sentence, by its last mark; without one it is a heading.
PAUSES = (("，、；：,;:—", 0.22), ("", 0.40))
CLOSING = "\"'”’)]）】」』》 "


def speak(
    text,
    voice=None,
    engine="espeak",
    pronunciations=None,
    skip_unreadable=False,
    pace=1.0,
):
    """Speaks text.

    Args:
        text: Emoji and other pictures are left out, as a newsreader would.
        voice: A name that `find_voice` knows, or an object with `speak(text)`. By
            default each stretch of Latin letters is read in English and each of
            Chinese characters in Mandarin.
        engine: `espeak` or `kokoro`.
        pronunciations: What `read_pronunciations` returns.
        skip_unreadable: Leaves out letters that the voice cannot read, with a warning
            that names them.
        pace: 1.1 speaks a tenth faster than a newsreader; an object as `voice` has its
            own pace.

    Returns:
        A `Speech`, its loudness about -20 dBFS while somebody speaks.

    Raises:
        ValueError: If the voice or engine is unknown, or the text holds nothing it can
            say, or, without `skip_unreadable`, letters that it cannot read.
        ModuleNotFoundError: If the package of the voice is not installed.
    """
    sentences = speak_sentences(
        text, voice, engine, pronunciations, skip_unreadable, pace
    )
    return join(list(sentences))


def speak_sentences(
    text,
    voice=None,
    engine="espeak",
    pronunciations=None,
    skip_unreadable=False,
    pace=1.0,
):
    """Yields a `Speech` for each sentence, so that a long text starts at once.

    Each but the last ends with its pause, so that they can be played one after the
    other. Arguments and errors are those of `speak`; the text is checked at once.
    """
    name = "mixed" if voice is None else voice
    language = find_language(name) if isinstance(name, str) else "mixed"
    text = clean(check_readable(text, name, language, skip_unreadable)).strip()
    if isinstance(name, str):
        if engine == "kokoro" and name == "mixed":
            # One speaker for the whole text, at home in most of it.
            name = find_main_language(text)
        name = find_voice(name, engine, pace)
    prepare = functools.partial(
        write_out,
        language=find_main_language(text) if language == "mixed" else language,
        pronunciations=pronunciations,
    )
    return generate(text, name, prepare)


def generate(text, voice, prepare):
    """Yields each sentence that says anything, once the next one is known."""
    waiting, said = None, False
    for sentence in find_sentences(text):
        if waiting is not None:
            speech = say(waiting, voice, prepare)
            if speech is not None:
                said = True
                yield speech.padded(0.0, find_pause(waiting))
        waiting = sentence
    speech = None if waiting is None else say(waiting, voice, prepare)
    if speech is not None:
        yield speech
    elif not said:
        raise ValueError(f"The voice finds nothing to say in {text[:80]!r}.")


def say(sentence, voice, prepare):
    """The `Speech` of one sentence, or None if it makes no sound."""
    speech = voice.speak(prepare(sentence))
    is_known = speech.phonemes or not speech.sound.any()
    if is_known and not any(phoneme.symbol for phoneme in speech.phonemes):
        return None
    speech.text = sentence
    return speech


def find_sentences(text):
    """Yields sentences that hold a letter or a digit."""
    for sentence in split_sentences(text):
        if is_speakable(sentence):
            yield sentence


def find_pause(sentence):
    last = sentence.rstrip(CLOSING)[-1:] or "."
    return next(seconds for marks, seconds in PAUSES if not marks or last in marks)


def write_out(sentence, language, pronunciations):
    """A sentence as its voice gets it: numbers in words, pronunciations in brackets.

    Args:
        language: `en` or `zh`: of the whole; None leaves text as it is.
    """
    if pronunciations is None:
        parts = [(sentence, None, None)]
    else:
        parts = [
            (part.text, part.ipa, part.pinyin)
            for part in apply_pronunciations(sentence, pronunciations)
        ]
    words = []
    for text, ipa, pinyin in parts:
        if ipa or pinyin:
            words.append(mark_ipa(ipa) if ipa else mark_pinyin(pinyin))
        elif language is None:
            words.append(unmark(text))
        else:
            before, after = text[:1].isspace(), text[-1:].isspace()
            said = unmark(normalise(text, language))
            words.append(" " * before + said + " " * after)
    return "".join(words)


def is_speakable(text):
    return any(unicodedata.category(c)[0] in "LN" for c in text)


def find_main_language(text):
    """`zh` if the text has more Chinese characters than English words, else `en`."""
    num_characters = sum("㐀" <= c <= "鿿" for c in text)
    num_words = sum(word[0].isascii() and word[0].isalpha() for word in text.split())
    return "zh" if num_characters > num_words else "en"
