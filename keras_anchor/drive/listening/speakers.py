r"""Makes a corpus: synthetic speakers of every kind read sentences, phonemes known.

    python -m keras_anchor.drive.listening.speakers --english book.txt --to corpus \
      --styles voices

Any book as plain text will do, such as those of Project Gutenberg. Kokoro's styles are
the `.bin` files of npm's `kokoro-js`; without them only espeak-ng speaks. Speakers that
training must never hear go to files of their own, `unheard_*.npz`.
"""

import argparse
import re
from pathlib import Path

import numpy as np

from keras_anchor.drive.listening.outputs import SAMPLE_RATE
from keras_anchor.drive.speech import Speech, normalise, resample
from keras_anchor.files import write_json, writing

ENGLISH = "en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-029", "en-us-nyc"
UNHEARD = {
    *("f2", "m3", "f5", "m7", "Andrea", "Michael", "Diogo", "klatt2"),
    *("af_bella", "am_michael", "bf_emma", "bm_george", "zf_xiaoxiao", "zm_yunxi"),
}
# espeak-ng's number of the parameter, and what speakers differ in.
PITCH_RANGE = 4
PITCHES, PITCH_RANGES = (15, 85), (20, 90)
PACES = {"en": (130, 230), "zh": (150, 270)}
STYLE_SHAPE = -1, 256


def read_sentences(path):
    """Sentences of 4 to 30 words out of a plain text in English."""
    text = " ".join(Path(path).read_text(encoding="utf-8").split())
    sentences = re.split(r"(?<=[.!?;])\s", text)
    return [s for s in sentences if 3 < len(s.split()) <= 30 and s.isascii()]


def compose_mandarin(rng, words, weights):
    """A sentence of random words: to a mouth, sense makes no difference."""
    parts = []
    for _ in range(rng.integers(1, 4)):
        chosen = rng.choice(words, rng.integers(2, 8), p=weights)
        parts.append("".join(chosen))
    return "，".join(parts) + "。"


def read_words():
    """The dictionary of `jieba`: words in Chinese characters, and how frequent each."""
    import jieba

    words, counts = [], []
    with jieba.get_dict_file() as file:
        for line in file:
            word, count, _ = line.decode("utf-8").split(" ")
            if all("\u4e00" <= c <= "\u9fff" for c in word) and int(count) > 20:
                words.append(word)
                # Between how often each is said and how many there are.
                counts.append(float(count) ** 0.5)
    return np.array(words), np.array(counts) / np.sum(counts)


def espeak_speakers(rng, is_unheard):
    """A function from `(text, language)` to a speaker's name and a `Speech`."""
    from keras_anchor.drive.voices.espeak import find_phonemes
    from keras_anchor.drive.voices.espeak_engine import load_espeak

    engine = load_espeak()
    variants = sorted(v for v in engine.variants if (v in UNHEARD) == is_unheard)

    def speak(text, language):
        code = "cmn" if language == "zh" else rng.choice(ENGLISH)
        name, pitch = f"{code}+{rng.choice(variants)}", int(rng.uniform(*PITCHES))
        # A low voice that falls far below zero crashes espeak-ng 1.52.
        highest = min(PITCH_RANGES[1], pitch + 25)
        spread = int(rng.uniform(PITCH_RANGES[0], highest))
        engine.library.espeak_SetParameter(PITCH_RANGE, spread, 0)
        pace = int(rng.uniform(*PACES[language]))
        sound, events = engine.speak(text, name, pace, pitch)
        phonemes = find_phonemes(sound, engine.sample_rate, events)
        sound = normalise(sound, engine.sample_rate)
        return name, Speech(sound, engine.sample_rate, phonemes)

    return speak


def kokoro_speakers(rng, folder, is_unheard):
    """The same with the natural voices; Mandarin is read by the Mandarin ones."""
    from keras_anchor.drive.voices.kokoro import KokoroVoice

    paths = sorted(Path(folder).glob("*.bin"))
    paths = [path for path in paths if (path.stem in UNHEARD) == is_unheard]
    voices = {"en": KokoroVoice("en"), "zh": KokoroVoice("zh")}

    def speak(text, language):
        fitting = [p for p in paths if (p.stem[0] == "z") == (language == "zh")]
        path, voice = fitting[rng.integers(len(fitting))], voices[language]
        voice.style = np.fromfile(path, "<f4").reshape(STYLE_SHAPE)
        voice.is_british = path.stem[0] == "b"
        return path.stem, voice.speak(text)

    return speak


def write_corpus(path, speak, sentences, minutes, rng):
    """Writes sounds to `path` (`.npz`) and their notes beside it (`.json`).

    Args:
        speak: See `espeak_speakers`.
        sentences: `{language: function that returns a sentence}`.
    """
    sounds, notes, seconds = [], [], 0.0
    while seconds < 60.0 * minutes:
        language = rng.choice(list(sentences))
        text = sentences[language]()
        name, speech = speak(text, language)
        sound = resample(speech.sound, speech.sample_rate, SAMPLE_RATE)
        if not len(sound):
            continue
        sounds.append(np.rint(np.clip(sound, -1.0, 1.0) * 32767).astype("int16"))
        phonemes = [(p.start, p.end, p.symbol) for p in speech.phonemes]
        notes.append({"voice": name, "text": text, "phonemes": phonemes})
        seconds += speech.seconds
    with writing(path) as part, part.open("wb") as file:
        np.savez(file, *sounds)
    write_json(Path(path).with_suffix(".json"), notes)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--english", required=True, help="any book as plain text")
    parser.add_argument("--to", required=True, help="folder to make")
    parser.add_argument("--styles", help="folder of Kokoro's styles, *.bin")
    parser.add_argument("--minutes", type=float, default=90.0, help="of espeak-ng")
    parser.add_argument("--kokoro-minutes", type=float, default=16.0)
    parser.add_argument("--unheard-minutes", type=float, default=6.0, help="of each")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    folder = Path(options.to)
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(options.seed)
    english, words = read_sentences(options.english), read_words()
    sentences = {
        "en": lambda: english[rng.integers(len(english))],
        "zh": lambda: compose_mandarin(rng, *words),
    }
    for is_unheard, prefix in ((False, ""), (True, "unheard_")):
        minutes = options.unheard_minutes
        speak = espeak_speakers(rng, is_unheard)
        path = folder / f"{prefix}espeak.npz"
        some = minutes if is_unheard else options.minutes
        write_corpus(path, speak, sentences, some, rng)
        if options.styles:
            speak = kokoro_speakers(rng, options.styles, is_unheard)
            path = folder / f"{prefix}kokoro.npz"
            some = minutes if is_unheard else options.kokoro_minutes
            write_corpus(path, speak, sentences, some, rng)


if __name__ == "__main__":
    main()
