"""Voices. A voice is one small class with one method: text in, `Speech` out.

This is a whole one; hand an instance of it to `speaking.speak` as `voice`:

    import numpy as np

    from keras_anchor.drive.speech import Phoneme, Speech


    class BeepVoice:
        '''Says every letter as a beep.'''

        def speak(self, text):
            seconds = 0.1
            times = np.arange(round(seconds * 16000)) / 16000
            beep = 0.2 * np.sin(2 * np.pi * 440.0 * times)
            letters = [letter for letter in text.lower() if letter.isalpha()]
            phonemes = [
                Phoneme(seconds * index, seconds * (index + 1), letter)
                for index, letter in enumerate(letters)
            ]
            sound = np.tile(beep, len(letters)).astype("float32")
            return Speech(sound, 16000, phonemes)

`text` is one sentence, numbers and dates written out. Symbols are IPA, which
`visemes.json` turns into shapes of the mouth; pauses are phonemes with an empty symbol.
The sound should be about -20 dBFS loud (`speech.normalise`). Words with a pronunciation
of their own arrive as `marked.py` says. To give the voice a name, add it to `ENGINES`.
"""

from keras_anchor.drive.voices.espeak_engine import NAMES


def make_espeak(name, pace):
    from keras_anchor.drive.voices.espeak import EspeakVoice

    return EspeakVoice(name, pace)


def make_kokoro(name, pace):
    from keras_anchor.drive.voices.kokoro import KokoroVoice

    return KokoroVoice(name, pace)


ENGINES = {"espeak": make_espeak, "kokoro": make_kokoro}


def find_voice(name="mixed", engine="espeak", pace=1.0):
    """The voice of that name.

    Args:
        name: `en`, `zh`, `en-female`, `en-male`, `zh-female`, `zh-male`, `mixed` (each
            script in its own language) or one of the engine's own: `fr`, `en-us+f3`;
            `af_heart`.
        engine: `espeak` (at once) or `kokoro` (natural; half a second of computing for
            each of speech).
        pace: 1.1 speaks a tenth faster than a newsreader.

    Raises:
        ValueError: For an unknown engine or voice.
        ModuleNotFoundError: If what the engine needs is not installed.
    """
    if engine not in ENGINES:
        raise ValueError(
            f"Unknown engine {engine!r} of voices. Known: {', '.join(ENGINES)}."
        )
    return ENGINES[engine](name, pace)


def find_language(name):
    """`en` or `zh` if a voice reads one of them alone, `mixed` for both, else None."""
    if name in (None, "mixed"):
        return "mixed"
    base = name.partition("+")[0]
    if base in NAMES:
        return base[:2]
    if "_" in base:  # The styles of `kokoro`, such as `af_heart`.
        return "mixed"
    return {"en": "en", "cmn": "zh"}.get(base.partition("-")[0])
