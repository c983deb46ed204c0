"""The natural voices of Kokoro-82M: half a second of computing for each of speech."""

from pathlib import Path

import numpy as np

from keras_anchor.drive.speech import Speech, join, normalise
from keras_anchor.drive.texts.languages import split_by_language
from keras_anchor.drive.voices.espeak_engine import load_espeak
from keras_anchor.drive.voices.kokoro_model import SAMPLE_RATE, load_kokoro
from keras_anchor.drive.voices.kokoro_spelling import (
    convert_ipa,
    convert_pinyin,
    spell_english,
    spell_mandarin,
)
from keras_anchor.drive.voices.kokoro_timing import find_phonemes
from keras_anchor.drive.voices.marked import split_runs

STYLES = Path(__file__).parents[2] / "assets/voices"
VOICES = {
    "mixed": "af_heart",
    "en": "af_heart",
    "en-female": "af_heart",
    "en-male": "am_michael",
    "zh": "zf_xiaoxiao",
    "zh-female": "zf_xiaoxiao",
    "zh-male": "zm_yunyang",
}
# The network's limit is 509; it speaks worse near it, and later.
LONGEST_PIECE = 300
GAP = 0.15


class KokoroVoice:
    """Speaks English and Mandarin, both in one sentence too, with Kokoro-82M.

    Args:
        name: One of `VOICES`, or of the styles in `assets/voices`.
        pace: 1.1 speaks a tenth faster than a newsreader.

    Call `speak(text)` for a `Speech`, as loud as every other voice, without silence
    before and after it.

    Raises:
        ValueError: For an unknown voice.
        ModuleNotFoundError: If an optional package is missing.

    Reference: hexgrad, Kokoro-82M, 2025, after Li et al., "StyleTTS 2: Towards
    human-level text-to-speech through style diffusion and adversarial training with
    large speech language models", 2023, https://arxiv.org/abs/2306.07691.
    """

    def __init__(self, name="mixed", pace=1.0):
        style = VOICES.get(name, name)
        known = sorted(path.stem for path in STYLES.glob("*.npy"))
        if style not in known:
            raise ValueError(
                f"Unknown voice {name!r} of `kokoro`. Known: "
                f"{', '.join([*VOICES, *known])}."
            )
        self.style = np.load(STYLES / f"{style}.npy").astype("float32")
        self.is_british = style.startswith("b")
        self.home = "zh" if style.startswith("z") else "en"
        self.model, self.spelling, self.pace = load_kokoro(), load_espeak(), pace

    def speak(self, text):
        pieces = list(split_symbols(self.spell(text)))
        parts = [self.speak_symbols(piece).trimmed() for piece in pieces]
        if not parts:
            return Speech(np.zeros(0, "float32"), SAMPLE_RATE, [])
        return join([*(part.padded(0.0, GAP) for part in parts[:-1]), parts[-1]])

    def spell(self, text):
        """The symbols of a text in English, Mandarin or both."""
        spelled = []
        for language, pieces in split_runs(text, split_by_language):
            for kind, content in pieces:
                if kind == "ipa":
                    symbols = convert_ipa(content, self.is_british)
                elif kind == "pinyin":
                    symbols = "".join(map(convert_pinyin, content.split()))
                elif (language or self.home) == "zh":
                    symbols = spell_mandarin(content)
                else:
                    symbols = spell_english(content, self.spelling, self.is_british)
                spelled.append(symbols.strip())
        return " ".join(spelled).replace(" ,", ",").replace(" .", ".").strip()

    def speak_symbols(self, symbols):
        # The style for an utterance of this length.
        style = self.style[min(len(symbols), len(self.style)) - 1]
        sound, durations = self.model(symbols, style, self.pace)
        # Its short sentences are up to 6 dB louder than its long ones.
        sound = normalise(sound, SAMPLE_RATE)
        return Speech(sound, SAMPLE_RATE, find_phonemes(sound, symbols, durations))


def split_symbols(symbols):
    """Yields pieces no longer than `LONGEST_PIECE`, cut at marks, else at spaces."""
    while len(symbols) > LONGEST_PIECE:
        head = symbols[:LONGEST_PIECE]
        ends = [head.rfind(mark) for mark in (";", ":", ",")]
        end = max(ends) if max(ends) > LONGEST_PIECE // 3 else head.rfind(" ")
        end = end + 1 if end > 0 else LONGEST_PIECE
        yield symbols[:end].strip()
        symbols = symbols[end:].strip()
    if symbols:
        yield symbols
