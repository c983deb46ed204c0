"""Speech to a performance: a mouth that says it, and a person around it."""

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.drive.cues import Cue, check_cues
from keras_anchor.drive.moods import smoothstep
from keras_anchor.drive.person import Person
from keras_anchor.drive.visemes import OPENING, ROUND, mouth_controls
from keras_anchor.performance import Performance, check_fps

# Seconds in which a mouth that was interrupted shuts, and one that begins gets going.
SHUTTING = 0.12
# A `seamless` mouth comes from rest, and returns, in so many seconds.
SEAM = 0.1
# Sounds that a smile would undo: round ones, and a lip on the teeth.
UNSMILING = [ctl.INDEX[name] for name in (*ROUND, "mouthRollLower")]
SMILES = [i for name, i in ctl.INDEX.items() if name.startswith("mouthSmile")]
FROWNS = [i for name, i in ctl.INDEX.items() if name.startswith("mouthFrown")]
PRESSES = [
    i for n, i in ctl.INDEX.items() if n.startswith(("mouthPress", "mouthShrug"))
]
SCALED = [*OPENING, ctl.INDEX["mouthClose"]]
MAX_OPENNESS = 3.0


def perform_speech(
    speech,
    fps=25,
    seed=0,
    openness=1.0,
    mood="neutral",
    cues=(),
    seamless=False,
    table=None,
):
    """Performs a speech.

    Args:
        speech: A `Speech`. Without phonemes the mouth follows the sound alone.
        fps: Frames a second, 1 to 240.
        seed: Picks blinks, glances and nods; they are the same at any fps.
        openness: Scales how far the mouth opens; 1 is a newsreader.
        mood: One of `moods.json`.
        cues: `Cue`s, whose seconds count from the start of the speech.
        seamless: Whether the first and the last frame show exactly the face at rest
            of the mood then, so that performances join without a jump.
        table: A `VisemeTable`; by default the package's own.

    Returns:
        A `Performance` of `ceil(speech.seconds * fps)` frames, its sound just as long.

    Raises:
        ValueError: For no such mood, cue, fps or openness.
    """
    check_fps(fps)
    check_openness(openness)
    cues = check_cues(cues)
    num_frames = count_frames(speech, fps)
    times = (np.arange(num_frames) + 0.5) / fps
    ends = (times[0], times[-1]) if seamless and num_frames else None
    person = Person(seed, mood, ends)
    person.follow(cues, 0.0)
    person.hear(speech, 0.0)
    openness = openness * person.moods.number(times, "openness")
    mouth = move_mouth(speech, fps, openness, table)
    if ends:
        seam = max(1e-3, min(SEAM, (ends[1] - ends[0]) / 2.0))
        fade = smoothstep(np.minimum(times - ends[0], ends[1] - times) / seam)
        mouth = mouth * fade[:, None]
    controls = combine(person.controls(times), mouth)
    sound = np.zeros(round(num_frames / fps * speech.sample_rate), "float32")
    sound[: len(speech.sound)] = speech.sound[: len(sound)]
    return Performance(controls, fps, sound, speech.sample_rate)


class Performer:
    """A performance without end, made as it is needed: for live use.

    What it gives goes on from what it gave before, without a jump.

    Args:
        fps, seed, mood, openness, table: As for `perform_speech`.

    Raises:
        ValueError: For no such mood, fps or openness.
    """

    def __init__(self, fps=25, seed=0, mood="neutral", openness=1.0, table=None):
        check_fps(fps)
        check_openness(openness)
        self.fps, self.openness, self.table = fps, openness, table
        self.person = Person(seed, mood)
        # Frames given so far, and how many of them came before the last speech.
        self.num_frames, self.num_before = 0, 0
        # The last mouth, and those of the last speech, after the one before it.
        self.mouth = np.zeros(len(ctl.NAMES))
        self.mouths = self.mouth[None]
        # What is left of the mouth before a break, and how many frames ago that was.
        self.is_broken, self.left, self.age = False, self.mouth, 0

    def idle(self, num_frames):
        """The next controls `(num_frames, 62)` of somebody who listens."""
        return self.go_on(np.zeros((num_frames, len(ctl.NAMES))))

    def speak(self, speech, cues=()):
        """Controls `(ceil(seconds * fps), 62)` of the speech, going on from before."""
        cues = check_cues(cues)
        start = self.num_frames / self.fps
        self.num_before = self.num_frames
        self.person.follow(cues, start)
        self.person.hear(speech, start)
        times = (np.arange(count_frames(speech, self.fps)) + 0.5) / self.fps
        openness = self.openness * self.person.moods.number(start + times, "openness")
        self.is_broken, self.mouths = True, self.mouth[None]
        mouth = move_mouth(speech, self.fps, openness, self.table)
        controls = self.go_on(mouth, is_speech=True)
        self.is_broken = True
        return controls

    def feel(self, mood):
        """Changes the mood from now on."""
        self.person.follow([Cue(0.0, "mood", mood)], self.num_frames / self.fps)

    def cut(self, controls):
        """Tells that of what `speak` gave only these frames were shown (interruption).

        Whatever comes next goes on from the last of them, the mouth shutting.

        Args:
            controls: `(num_shown, 62)`, the first of what the last `speak` gave.
        """
        num_shown = min(len(controls), len(self.mouths) - 1)
        self.num_frames = self.num_before + num_shown
        self.mouths = self.mouths[: num_shown + 1]
        self.mouth, self.is_broken = self.mouths[-1], True
        self.person.forget(self.num_frames / self.fps)

    def go_on(self, mouth, is_speech=False):
        """The next frames, with what is left of the mouth before."""
        num_frames = len(mouth)
        if not num_frames:
            return np.zeros((0, len(ctl.NAMES)), "float32")
        times = (self.num_frames + np.arange(num_frames) + 0.5) / self.fps
        if self.is_broken:
            self.left, self.age = self.mouth - mouth[0], 0
            self.is_broken = False
        ages = (self.age + 1 + np.arange(num_frames)) / self.fps
        share = 1.0 - smoothstep(ages / SHUTTING)
        mouth = mouth + share[:, None] * self.left
        self.num_frames += num_frames
        self.age += num_frames
        self.mouth = mouth[-1]
        if is_speech:
            self.mouths = np.concatenate([self.mouths, mouth])
        return combine(self.person.controls(times), mouth)


def move_mouth(speech, fps, openness, table=None):
    """Mouth controls `(num_frames, 62)` of a speech.

    Args:
        openness: `(num_frames,)`.
    """
    num_frames = count_frames(speech, fps)
    if speech.phonemes:
        return mouth_controls(
            speech.phonemes, num_frames, fps, openness=openness, table=table
        )
    if not num_frames:
        return np.zeros((0, len(ctl.NAMES)))
    # The network is loaded only where it is needed.
    from keras_anchor.drive.listening.hearing import listen

    mouth = listen(speech.sound, speech.sample_rate, fps)
    # Lips that are shut stay shut, however far the jaw opens.
    mouth[:, SCALED] *= np.reshape(openness, (-1, 1))
    return mouth


def combine(person, mouth):
    """Adds a mouth to a person, whose smile, frown and pressed lips yield to it."""
    controls = person + mouth
    unsmiling = np.clip(mouth[:, UNSMILING].sum(1) / 0.6, 0.0, 1.0)
    opening = np.clip(mouth[:, ctl.INDEX["jawOpen"]] / 0.08, 0.0, 1.0)
    for columns, share in (
        (SMILES, 1.0 - 0.6 * unsmiling),
        (FROWNS, 1.0 - 0.5 * opening),
        (PRESSES, 1.0 - opening),
    ):
        controls[:, columns] = person[:, columns] * share[:, None] + mouth[:, columns]
    return ctl.clip(controls)


def count_frames(speech, fps):
    return int(np.ceil(speech.seconds * fps - 1e-9))


def check_openness(openness):
    if not 0.0 <= openness <= MAX_OPENNESS:
        raise ValueError(
            f"Expected an openness of the mouth from 0 to {MAX_OPENNESS:g}, received "
            f"{openness!r}."
        )
