"""Text to speech with timed phonemes, in English, Mandarin or both in one text."""

import unicodedata
from dataclasses import dataclass

import numpy as np

from keras_anchor.drive.espeak import load_espeak

# Our names, espeak-ng's, and a newsreader's pace in its words per minute.
VOICES = {"en": ("en-us", 165), "zh": ("cmn", 205)}
SCRIPTS = {"LATIN": "en", "FULLWIDTH": "en", "CJK": "zh"}
LOUDNESS = 10 ** (-20 / 20)
PEAK = 10 ** (-1 / 20)
# Seconds of silence after a part that ends a sentence, a phrase, or neither.
PAUSES = (("。！？.!?…\n", 0.40), ("，、；：,;:—", 0.22), ("", 0.06))
# espeak-ng 1.52 lacks the syllables xiong, qiong and jiong, and spells them out in
# English; these are its own phoneme names for them.
MISSING_SYLLABLES = {
    "S;j'ong55": "兄凶胸匈汹洶兇芎",
    "S;j'ong35": "雄熊",
    "tS;hj'ong35": "穷窮琼瓊穹邛茕煢蛩筇跫銎",
    "tS;j'ong214": "窘炯迥冏",
    "tS;j'ong55": "扃冂",
}
SPELLED_SYLLABLES = str.maketrans(
    {
        character: f"[[{phonemes}]]"
        for phonemes, characters in MISSING_SYLLABLES.items()
        for character in characters
    }
)


# What espeak marks at the burst, after the closure that one sees.
STOPS = "pbtdkɡcɟqʔ"
LONGEST_CLOSURE = 0.09


@dataclass(frozen=True)
class Phoneme:
    """One sound, from `start` to `end` in seconds.

    `symbol` is IPA as espeak-ng writes it, with stress marks; empty for silence.
    """

    start: float
    end: float
    symbol: str


@dataclass
class Speech:
    """Sound `(num_samples,)` float32 mono in `[-1, 1]`; the phonemes that fill it."""

    sound: np.ndarray
    sample_rate: int
    phonemes: list

    @property
    def seconds(self):
        return len(self.sound) / self.sample_rate

    def padded(self, before, after):
        """The same speech with seconds of silence around it."""
        pads = [round(pad * self.sample_rate) for pad in (before, after)]
        silences = [
            Speech(np.zeros(pad, "float32"), self.sample_rate, []) for pad in pads
        ]
        return join([silences[0], self, silences[1]])


def speak(text, voice=None):
    """Speaks text.

    Args:
        text: Emoji and other pictures are left out, as a newsreader would.
        voice: `en`, `zh`, or a name of espeak-ng's such as `fr` or `en-us+f3`. By
            default each stretch of Latin letters is read in English and each of
            Chinese characters in Mandarin.

    Returns:
        A `Speech`, its loudness about -20 dBFS while somebody speaks.

    Raises:
        ValueError: If the voice is unknown, or the text holds nothing it can say.
        ModuleNotFoundError: If `espeakng-loader` is not installed.
    """
    runs = split_by_voice(text, voice)
    parts = []
    for part, name in runs:
        pause = next(s for marks, s in PAUSES if not marks or part[-1] in marks)
        parts.append(speak_run(part, name).padded(0.0, pause if len(runs) > 1 else 0.0))
    speech = join(parts)
    if not any(phoneme.symbol for phoneme in speech.phonemes):
        raise ValueError(f"The voice {voice!r} finds nothing to say in {text!r}.")
    return speech


def speak_run(text, voice):
    """Speaks text in one language."""
    engine = load_espeak()
    language, _, variant = voice.partition("+")
    language, pace = VOICES.get(language, (language, 175))
    text = text.replace("[[", "[")
    if language == "cmn":
        text = text.translate(SPELLED_SYLLABLES)
    name = f"{language}+{variant}" if variant else language
    sound, events = engine.speak(text, name, words_per_minute=pace)
    phonemes = find_phonemes(sound, engine.sample_rate, events)
    return Speech(normalise(sound, engine.sample_rate), engine.sample_rate, phonemes)


def split_by_voice(text, voice=None):
    """Splits text into `[(part, voice), ...]`; see `speak`."""
    check_speakable(text, voice)
    text = "".join(
        " " if unicodedata.category(c) in ("So", "Cs", "Co", "Cn", "Cf", "Me") else c
        for c in unicodedata.normalize("NFC", text)
    ).strip()
    if voice is not None:
        return [(text, voice)]
    starts, names = [], []
    for index, character in enumerate(text):
        name = SCRIPTS.get(find_script(character))
        if name and (not names or name != names[-1]):
            starts.append(index)
            names.append(name)
    # What comes before the first letter goes with it; digits alone are English.
    starts, names = [0, *starts[1:]], names or ["en"]
    ends = [*starts[1:], len(text)]
    parts = zip(starts, ends, names, strict=True)
    return [(text[start:end].strip(), name) for start, end, name in parts]


def find_script(character):
    """`LATIN`, `CJK`, `THAI` ... for letters, None for everything else."""
    if unicodedata.category(character) not in ("Ll", "Lu", "Lt", "Lo"):
        return None
    return unicodedata.name(character, "UNKNOWN").split()[0]


def check_speakable(text, voice):
    """Raises `ValueError` if the text holds nothing that the voice can say."""
    if not any(unicodedata.category(c)[0] in "LN" for c in text):
        raise ValueError(
            f"Nothing to say in {text!r}: expected text with letters or digits. "
            "Known voices: en, zh, and espeak-ng's by name."
        )
    readable = {
        None: ("LATIN", "FULLWIDTH", "CJK"),
        "en": ("LATIN", "FULLWIDTH"),
        "zh": ("LATIN", "FULLWIDTH", "CJK"),
    }.get(voice and voice.partition("+")[0])
    found = {find_script(c): c for c in text if find_script(c)}
    if readable and (strange := sorted(found.keys() - set(readable))):
        examples = [
            f"{name.replace('CJK', 'Chinese').title()} ({found[name]})"
            for name in strange
        ]
        who = f"The voice {voice!r}" if voice else "Without a `voice`, nobody"
        raise ValueError(
            f"{who} {'cannot' if voice else 'can'} read {', '.join(examples)}. Known "
            "voices: en, zh (both together without `voice`), and espeak-ng's by name, "
            "such as `fr`, `ru`, `ja`, `ar`."
        )


def find_phonemes(sound, sample_rate, events):
    """Events `[(seconds, symbol), ...]` to phonemes that fill the sound.

    espeak-ng marks a stop at its burst; the silence before it belongs to it, for that
    is when the lips are shut.
    """
    # `(en)` says that the voice changes to English for a word.
    events = [event for event in events if not event[1].startswith("(")]
    is_loud = np.abs(sound) > 1e-3
    starts = [seconds for seconds, _ in events]
    for index, (_, symbol) in enumerate(events):
        if symbol.lstrip("ˈˌ").startswith(tuple(STOPS)):
            burst = round(starts[index] * sample_rate)
            first = max(0, burst - round(LONGEST_CLOSURE * sample_rate))
            loud = np.flatnonzero(is_loud[first : max(first, burst - 2)])
            quiet = (first + loud[-1] + 1 if len(loud) else first) / sample_rate
            earliest = starts[index - 1] if index else 0.0
            starts[index] = max(earliest, min(starts[index], quiet))
    ends = [*starts[1:], len(sound) / sample_rate]
    phonemes = [Phoneme(0.0, starts[0], "")] if starts and starts[0] > 0 else []
    for start, end, (_, symbol) in zip(starts, ends, events, strict=True):
        if end > start:
            phonemes.append(Phoneme(start, end, symbol))
    return merge_silences(phonemes)


def merge_silences(phonemes):
    """Neighbouring silences become one."""
    merged = []
    for phoneme in phonemes:
        if merged and not phoneme.symbol and not merged[-1].symbol:
            phoneme = Phoneme(merged.pop().start, phoneme.end, "")
        merged.append(phoneme)
    return merged


def normalise(sound, sample_rate):
    """Scales sound so that its speech, not its pauses, is as loud as `LOUDNESS`."""
    size = round(0.02 * sample_rate)
    blocks = np.pad(sound, (0, -len(sound) % size)).reshape(-1, size)
    loudness = np.sqrt(np.mean(blocks**2, axis=1))
    if not loudness.any():
        return sound
    is_speech = loudness > 0.05 * loudness.max()
    gain = LOUDNESS / np.sqrt(np.mean(loudness[is_speech] ** 2))
    return sound * np.float32(min(gain, PEAK / np.abs(sound).max()))


def join(speeches):
    """Speeches of one sample rate, one after the other."""
    phonemes, seconds = [], 0.0
    for speech in speeches:
        moved = speech.phonemes or [Phoneme(0.0, speech.seconds, "")]
        phonemes += [
            Phoneme(p.start + seconds, p.end + seconds, p.symbol) for p in moved
        ]
        seconds += speech.seconds
    sound = np.concatenate([speech.sound for speech in speeches])
    phonemes = [phoneme for phoneme in phonemes if phoneme.end > phoneme.start]
    return Speech(sound, speeches[0].sample_rate, merge_silences(phonemes))
