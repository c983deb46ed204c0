"""The voices of espeak-ng: at once, small, plain, in a hundred languages."""

import functools

import numpy as np

from keras_anchor.drive.speech import (
    LOUDNESS,
    Phoneme,
    Speech,
    join,
    limit,
    measure_loudness,
    merge_silences,
)
from keras_anchor.drive.texts.languages import split_by_language
from keras_anchor.drive.texts.pinyin import to_espeak_mandarin
from keras_anchor.drive.voices.espeak_engine import load_espeak
from keras_anchor.drive.voices.espeak_spelling import spell_ipa, spell_pinyin
from keras_anchor.drive.voices.marked import split_runs

# What we call a language; espeak-ng's name, and a newsreader's pace in its words per
# minute.
LANGUAGES = {"en": ("en-us", 165), "zh": ("cmn", 205)}
# Our names: the language (None: each stretch in its own), the variant and the pitch.
VOICES = {
    "mixed": (None, "", 50),
    "en": ("en", "", 50),
    "en-female": ("en", "f2", 50),
    "en-male": ("en", "m3", 45),
    "zh": ("zh", "", 50),
    "zh-female": ("zh", "f2", 50),
    "zh-male": ("zh", "m3", 45),
}
# What tells how loud a voice is; every language reads digits.
MEASURED_TEXTS = {
    "en-us": "Good evening. The two leaders met on Monday to talk about trade.",
    "cmn": "大家晚上好，欢迎收看今天的新闻。",
}
DIGITS = "1 2 3 4 5 6 7 8 9"
# What espeak marks at the burst, after the closure that one sees.
STOPS = "pbtdkɡcɟqʔ"
LONGEST_CLOSURE = 0.09
# Seconds that a sound keeps, however quiet it is before a stop.
KEPT = 0.02
# Seconds of silence between two languages in one sentence, by the mark before it.
GAPS = (("，、；：,;:—", 0.22), ("", 0.06))


class EspeakVoice:
    """Speaks text with espeak-ng.

    Args:
        name: One of `VOICES`, or what espeak-ng knows, such as `fr` or `en-us+f3`; a
            variant goes with our names as well: `zh+f3`.
        pace: 1.1 speaks a tenth faster than a newsreader.

    Call `speak(text)` for a `Speech`, as loud as every other voice, without silence
    before and after it.

    Raises:
        ValueError: For an unknown voice or variant.
        ModuleNotFoundError: If `espeakng-loader` is not installed.
    """

    def __init__(self, name="mixed", pace=1.0):
        self.engine, self.pace = load_espeak(), pace
        language, _, variant = name.partition("+")
        self.language, own_variant, self.pitch = VOICES.get(
            language, (language, "", 50)
        )
        self.variant = variant or own_variant
        known = LANGUAGES.get(self.language or "en", (self.language,))[0]
        self.engine.find_voice(self.add_variant(known))

    def add_variant(self, language):
        return f"{language}+{self.variant}" if self.variant else language

    def speak(self, text):
        if self.language not in (None, "zh"):
            runs = split_runs(text, lambda part: [(part, self.language)])
        else:
            runs = split_runs(text, split_by_language)
        parts = []
        for index, (language, pieces) in enumerate(runs):
            part = self.speak_run(language or self.language or "en", pieces)
            if index + 1 < len(runs):
                mark = pieces[-1][1].rstrip()[-1:] or " "
                gap = next(gap for marks, gap in GAPS if not marks or mark in marks)
                part = part.padded(0.0, gap)
            parts.append(part)
        return join(parts)

    def speak_run(self, language, pieces):
        """Speaks `[(kind, content), ...]` in one language."""
        spelled = []
        for kind, content in pieces:
            if kind == "ipa":
                spelled.append(spell_ipa(content))
            elif kind == "pinyin":
                spelled.append(spell_pinyin(content, self.engine))
            elif language == "zh":
                spelled.append(to_espeak_mandarin(content))
            else:
                spelled.append(content)
        name, words_per_minute = LANGUAGES.get(language, (language, 175))
        name = self.add_variant(name)
        text = "".join(spelled)
        words_per_minute = round(self.pace * words_per_minute)
        sound, events = self.engine.speak(text, name, words_per_minute, self.pitch)
        sound = limit(sound * measure_gain(name, self.pitch))
        phonemes = find_phonemes(sound, self.engine.sample_rate, events)
        return Speech(sound, self.engine.sample_rate, phonemes).trimmed()


@functools.lru_cache(maxsize=256)
def measure_gain(name, pitch):
    """What makes a voice as loud as `LOUDNESS`, in every sentence the same."""
    engine = load_espeak()
    text = MEASURED_TEXTS.get(name.partition("+")[0], DIGITS)
    sound, _ = engine.speak(text, name, pitch=pitch)
    loudness = measure_loudness(sound, engine.sample_rate)
    return np.float32(LOUDNESS / loudness if loudness else 1.0)


def find_phonemes(sound, sample_rate, events):
    """Events `[(seconds, symbol), ...]` to phonemes that fill the sound.

    espeak-ng marks a stop at its burst; the silence before it belongs to it, for that
    is when the lips are shut.
    """
    # `(en)` says that the voice changes to English for a word.
    events = [event for event in events if not event[1].startswith("(")]
    if not events and len(sound):
        return [Phoneme(0.0, len(sound) / sample_rate, "")]
    is_loud = np.abs(sound) > 1e-3
    starts = [seconds for seconds, _ in events]
    for index, (_, symbol) in enumerate(events):
        if symbol.lstrip("ˈˌ").startswith(tuple(STOPS)):
            burst = round(starts[index] * sample_rate)
            first = max(0, burst - round(LONGEST_CLOSURE * sample_rate))
            loud = np.flatnonzero(is_loud[first : max(first, burst - 2)])
            quiet = (first + loud[-1] + 1 if len(loud) else first) / sample_rate
            earliest = starts[index - 1] if index else 0.0
            if index and events[index - 1][1]:
                earliest += min(KEPT, (starts[index] - earliest) / 2.0)
            starts[index] = max(earliest, min(starts[index], quiet))
    ends = [*starts[1:], len(sound) / sample_rate]
    phonemes = [Phoneme(0.0, starts[0], "")] if starts and starts[0] > 0 else []
    for start, end, (_, symbol) in zip(starts, ends, events, strict=True):
        if end > start:
            phonemes.append(Phoneme(start, end, symbol))
    return merge_silences(phonemes)
