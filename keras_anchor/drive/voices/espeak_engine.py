"""espeak-ng, loaded at run time: text in; sound, timed phonemes or spelling out."""

import ctypes
import functools
import threading
from pathlib import Path

import numpy as np

SYNCHRONOUS = 2
PHONEME_EVENTS, PHONEMES_IN_IPA, RETURN_ERRORS = 1, 2, 0x8000
UTF8, BRACKETED_PHONEMES = 0x001, 0x100
RATE_PARAMETER, PITCH_PARAMETER = 1, 3
SPELLING, SPELLING_IN_IPA, TIE = 0, 2, 0x80
END_OF_LIST, PHONEME = 0, 7
# A second engine, made by another thread meanwhile, would crash the first.
LOADING = threading.Lock()
# Our own names of voices, in any engine.
NAMES = ("en", "zh", "en-female", "en-male", "zh-female", "zh-male")


class EventId(ctypes.Union):
    """The part of `Event` whose meaning depends on its type."""

    _fields_ = [
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    ]


class Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", EventId),
    ]


class VoiceInfo(ctypes.Structure):
    """The first fields of `espeak_VOICE` of speak_lib.h."""

    _fields_ = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
    ]


Callback = ctypes.CFUNCTYPE(
    ctypes.c_int,
    ctypes.POINTER(ctypes.c_short),
    ctypes.c_int,
    ctypes.POINTER(Event),
)


class Espeak:
    """The one engine of this process; `load_espeak` makes it.

    espeak-ng keeps its voice and its callback in global variables, so its methods hold
    a lock, and a second engine would disturb the first. It also keeps the phase of its
    last sound: the same words come out a few samples longer or shorter each time.

    Args:
        library_path: The shared library, version 1.52 (1.51 misreads Mandarin).
        data_path: Its `espeak-ng-data` folder.
    """

    def __init__(self, library_path, data_path):
        self.library = ctypes.CDLL(str(library_path))
        self.sample_rate = self.library.espeak_Initialize(
            SYNCHRONOUS,
            500,
            str(data_path).encode(),
            PHONEME_EVENTS | PHONEMES_IN_IPA | RETURN_ERRORS,
        )
        if self.sample_rate <= 0:
            raise OSError(
                f"espeak-ng could not read its data in {data_path}. Install it again: "
                "pip install --force-reinstall espeakng-loader"
            )
        self.lock = threading.Lock()
        self.samples, self.events = bytearray(), []
        # Kept, or Python would free the function that the library calls.
        self.callback = Callback(self.receive)
        self.library.espeak_SetSynthCallback(self.callback)
        self.variants = {path.name for path in Path(data_path, "voices/!v").iterdir()}
        self.voices = self.list_voices()

    def list_voices(self):
        """`{code: identifier}`: languages that have a voice, as `en-us`, `cmn`, `fr`.

        Not every code that the engine lists is a name it knows a voice by.
        """
        self.library.espeak_ListVoices.restype = ctypes.POINTER(
            ctypes.POINTER(VoiceInfo)
        )
        voices, codes = self.library.espeak_ListVoices(None), {}
        index = 0
        while voices[index]:
            # A list of (priority byte, string), ended by a zero priority.
            address = voices[index].contents.languages
            identifier = voices[index].contents.identifier.decode()
            while ctypes.string_at(address, 1) != b"\0":
                code = ctypes.string_at(address + 1)
                # The lower, the better the voice fits the language.
                priority = ctypes.string_at(address, 1)[0]
                codes.setdefault(code.decode(), []).append((priority, identifier))
                address += len(code) + 2
            index += 1
        return {code: min(found)[1] for code, found in sorted(codes.items())}

    def receive(self, samples, num_samples, events):
        if samples and num_samples > 0:
            self.samples.extend(ctypes.string_at(samples, 2 * num_samples))
        index = 0
        while (event := events[index]).type != END_OF_LIST:
            index += 1
            if event.type == PHONEME:
                # 8 bytes, which may cut a long name inside a letter.
                name = bytes(event.id)[:8].split(b"\0")[0].decode("utf-8", "ignore")
                self.events.append((event.audio_position / 1000.0, name))
        return 0

    def speak(self, text, voice, words_per_minute=175, pitch=50):
        """Speaks with a voice of `voices`, perhaps with a variant: `en-us+f3`.

        `[[...]]` in the text holds espeak's own phoneme names.

        Args:
            pitch: 0 to 100.

        Returns:
            `(num_samples,)` float32 in `[-1, 1]`, and `[(seconds, IPA), ...]`: when
            each phoneme starts; an empty name is a pause.

        Raises:
            ValueError: For an unknown voice or variant.
        """
        identifier = self.find_voice(voice).encode()
        encoded = text.replace("\0", " ").encode("utf-8", "replace")
        with self.lock:
            self.samples.clear()
            self.events.clear()
            self.library.espeak_SetVoiceByName(identifier)
            self.library.espeak_SetParameter(RATE_PARAMETER, words_per_minute, 0)
            self.library.espeak_SetParameter(PITCH_PARAMETER, pitch, 0)
            self.library.espeak_Synth(
                encoded,
                ctypes.c_size_t(len(encoded) + 1),
                0,
                0,
                0,
                UTF8 | BRACKETED_PHONEMES,
                None,
                None,
            )
            self.library.espeak_Synchronize()
            sound = np.frombuffer(bytes(self.samples), "<i2") / np.float32(32768)
            return sound.astype("float32"), list(self.events)

    def spell(self, text, voice, in_ipa=True):
        """How a voice would say the text.

        Returns:
            IPA with `^` tying the letters of one sound, or espeak's phoneme names.

        Raises:
            ValueError: For an unknown voice or variant.
        """
        identifier = self.find_voice(voice).encode()
        mode = SPELLING_IN_IPA | TIE | (ord("^") << 8) if in_ipa else SPELLING
        rest = ctypes.c_char_p(text.replace("\0", " ").encode("utf-8", "replace"))
        clauses = []
        with self.lock:
            self.library.espeak_SetVoiceByName(identifier)
            self.library.espeak_TextToPhonemes.restype = ctypes.c_char_p
            # Each call moves `rest` beyond the clause that it read, at last to NULL.
            while rest.value is not None:
                clause = self.library.espeak_TextToPhonemes(
                    ctypes.byref(rest), UTF8, mode
                )
                clauses.append(clause.decode("utf-8", "ignore"))
        return " ".join(clause for clause in clauses if clause)

    def find_voice(self, voice):
        """What the library calls a voice.

        Raises:
            ValueError: For an unknown voice or variant.
        """
        language, _, variant = voice.partition("+")
        if language not in self.voices:
            raise ValueError(
                f"Unknown voice {voice!r}. Known: {', '.join(NAMES)}, and espeak-ng's "
                f"{', '.join(self.voices)}."
            )
        if variant and variant not in self.variants:
            raise ValueError(
                f"Unknown variant {variant!r} of voice {language!r}. Known: "
                f"{', '.join(sorted(self.variants))}."
            )
        identifier = self.voices[language]
        return f"{identifier}+{variant}" if variant else identifier


def load_espeak():
    """The engine, from the optional package `espeakng-loader`; threads may ask at once.

    Raises:
        ModuleNotFoundError: If the package is not installed.
    """
    with LOADING:
        return make_espeak()


@functools.lru_cache(maxsize=1)
def make_espeak():
    try:
        import espeakng_loader
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "Speaking text needs the voice espeak-ng, which is GPL and therefore not "
            'part of keras-anchor. Install it: pip install "keras-anchor[speech]"'
        ) from None
    return Espeak(espeakng_loader.get_library_path(), espeakng_loader.get_data_path())
