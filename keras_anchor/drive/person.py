"""Somebody in front of the camera: all but the mouth, by the clock, for ever."""

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.drive.beats import find_beats, measure_energy
from keras_anchor.drive.cues import LOOKS
from keras_anchor.drive.idle import (
    BLINK,
    GAZE_LIMIT,
    LOOK_LIMIT,
    Blinks,
    Drift,
    Glances,
    Looks,
    breathe,
    bump,
    shut_lids,
    turn_eyes,
)
from keras_anchor.drive.moods import MoodTimeline, smoothstep

# Largest angles in radians, and how much of it is slow sway.
HEAD_LIMITS = {"headYaw": 0.10, "headPitch": 0.06, "headRoll": 0.04}
SWAY = {"headYaw": 0.030, "headPitch": 0.013, "headRoll": 0.012}
# Slow components of all sway, and how much livelier the head is while speaking.
SLOW_HERTZ, FAST_HERTZ, SPEAKING_SHARE = (0.05, 0.30), (0.4, 1.1), 0.45
# Radians of a nod on a stress, at the end of a phrase, and of one that was asked for.
BEAT_NOD, PHRASE_NOD, CUED_NOD = 0.026, 0.020, 0.075
# Seconds after which gestures are over, in which a voice stirs the head, lets it go.
OVER, RISING, DYING = 3.0, 0.2, 0.4
QUESTIONS = "?", "？"


class Person:
    """Moods, gestures and small movements over time.

    Args:
        seed: Picks one of endlessly many people.
        mood: One of `moods.json`.
        ends: Seconds between which there is life; at both the face is at rest. None
            for one that never ends.
    """

    def __init__(self, seed=0, mood="neutral", ends=None):
        streams = np.random.SeedSequence(seed).spawn(6)
        sway, blink, gaze, brow, beat, smile = map(np.random.default_rng, streams)
        self.ends, self.beat = ends, beat
        self.moods = MoodTimeline(mood)
        self.slow, self.fast = {}, {}
        for name in SWAY:
            self.slow[name] = Drift(sway, SLOW_HERTZ)
            self.fast[name] = Drift(sway, FAST_HERTZ)
        self.torso = {name: Drift(sway, SLOW_HERTZ) for name in ("torsoX", "torsoRoll")}
        self.shift = Drift(sway, SLOW_HERTZ)
        self.brows, self.smile = Drift(brow, SLOW_HERTZ), Drift(smile, SLOW_HERTZ)
        seconds = self.moods.at(0.0).numbers["blink_seconds"]
        self.blinks, self.glances = Blinks(blink, seconds), Glances(gaze)
        self.looks = Looks()
        # Each `(start, peak, rise, fall, size)`; the start is the peak less the rise.
        self.nods, self.raises = [], []
        # Each `[start, end, times, energy]`.
        self.voices, self.pauses = [], []

    def hear(self, speech, start):
        """Takes part in a speech that starts at `start` seconds."""
        if not len(speech.sound):
            return
        beats, pauses = find_beats(speech)
        for seconds in beats:
            strength = self.beat.uniform(0.4, 1.0)
            numbers = self.moods.at(start + seconds).numbers
            self.nod(start + seconds + 0.04, 0.16, 0.30, BEAT_NOD * strength)
            if self.beat.random() < numbers["brow_share"]:
                size = numbers["brow_rise"] * strength
                self.raise_brows(start + seconds - 0.04, 0.18, 0.42, size)
        for seconds in pauses:
            size = PHRASE_NOD * self.beat.uniform(0.5, 1.0)
            self.nod(start + seconds, 0.35, 0.6, size)
        spoken = [p.end for p in speech.phonemes if p.symbol]
        if spoken and speech.text.rstrip().endswith(QUESTIONS):
            size = 0.9 * self.moods.at(start + spoken[-1]).numbers["brow_rise"]
            self.raise_brows(start + spoken[-1] - 0.1, 0.3, 0.7, size)
        self.pauses += [start + seconds for seconds in pauses]
        times, energy = measure_energy(speech)
        self.voices.append([start, start + speech.seconds, start + times, energy])

    def follow(self, cues, start):
        """Does what cues ask, which count from `start` seconds."""
        for cue in cues:
            seconds = start + cue.seconds
            if cue.kind == "look":
                self.looks.add(seconds, LOOKS[cue.value])
            elif cue.kind == "nod":
                self.nod(seconds + 0.25, 0.25, 0.45, CUED_NOD)
            elif self.ends is None:
                self.moods.change(seconds, cue.value)
            else:
                # A mood is complete before the end.
                first, last = self.ends
                seconds = max(first, min(seconds, last - 0.5))
                duration = max(1e-3, min(0.5, last - seconds))
                self.moods.change(seconds, cue.value, duration)

    def nod(self, peak, rise, fall, size):
        self.nods.append((peak - rise, peak, rise, fall, size))

    def raise_brows(self, peak, rise, fall, size):
        self.raises.append((peak - rise, peak, rise, fall, size))

    def forget(self, seconds):
        """Drops what would begin later; what has begun is brought to its end."""
        self.nods = [entry for entry in self.nods if entry[0] <= seconds]
        self.raises = [entry for entry in self.raises if entry[0] <= seconds]
        self.pauses = [pause for pause in self.pauses if pause <= seconds]
        self.voices = [voice for voice in self.voices if voice[0] <= seconds]
        for voice in self.voices:
            voice[1] = min(voice[1], seconds)
        self.looks.forget(seconds)
        self.moods.forget(seconds)

    def controls(self, times):
        """Controls `(num_times, 62)` at `times`, which never go back."""
        if not len(times):
            return np.zeros((0, len(ctl.NAMES)), "float32")
        self.drop_past(times[0])
        rest = self.moods.expression(times)
        life = self.measure_life(times)
        values = {name: rest[:, index] for name, index in ctl.INDEX.items()}
        self.move_head(values, times, life)
        self.move_brows(values, times, life)
        play = life * self.moods.number(times, "smile_play") * self.smile(times)
        for side, share in (("Left", 1.0), ("Right", 0.9)):
            smile = values[f"mouthSmile{side}"] + share * play
            values[f"mouthSmile{side}"] = np.maximum(smile, 0.0)
        self.look(values, times, life)
        self.blink(values, times)
        return ctl.clip(np.stack([values[name] for name in ctl.NAMES], 1))

    def drop_past(self, seconds):
        past = seconds - OVER
        self.nods = [entry for entry in self.nods if entry[1] > past]
        self.raises = [entry for entry in self.raises if entry[1] > past]
        self.pauses = [pause for pause in self.pauses if pause > past]
        self.voices = [voice for voice in self.voices if voice[1] > past]

    def measure_life(self, times):
        """1, and 0 at the ends, if there are any."""
        if self.ends is None:
            return np.ones(len(times))
        first, last = self.ends
        fade = max(1e-3, min(0.7, (last - first) / 2.0))
        return smoothstep((times - first) / fade) * smoothstep((last - times) / fade)

    def measure_voice(self, times):
        """How lively the voice is, `[0, 1]`."""
        energy = np.zeros(len(times))
        for start, end, places, values in self.voices:
            rise = smoothstep((times - start) / RISING)
            fall = 1.0 - smoothstep((times - end) / DYING)
            energy = np.maximum(energy, np.interp(times, places, values) * rise * fall)
        return energy

    def move_head(self, values, times, life):
        """Breath, sway, nods and turns toward what is looked at."""
        sway = life * self.moods.number(times, "sway")
        breath = life * breathe(self.moods.count_breaths(times))
        values["breath"] = breath
        voice = self.measure_voice(times)
        moved = {}
        for name, amount in SWAY.items():
            fast = SPEAKING_SHARE * voice * self.fast[name](times)
            moved[name] = amount * sway * (self.slow[name](times) + fast)
        nods = sum_bumps(self.nods, times, limit=CUED_NOD)
        moved["headPitch"] -= life * self.moods.number(times, "nod") * nods
        for name, limit in HEAD_LIMITS.items():
            values[name] = values[name] + limit * np.tanh(moved[name] / limit)
        asked = [entry for entry in self.nods if entry[4] >= CUED_NOD]
        values["headPitch"] = values["headPitch"] - life * sum_bumps(asked, times)
        _, head = self.looks(times)
        values["headYaw"] = values["headYaw"] + life * head[:, 0]
        values["headPitch"] = values["headPitch"] + life * head[:, 1]
        values["torsoX"] = 0.004 * sway * self.torso["torsoX"](times)
        values["torsoRoll"] = 0.006 * sway * self.torso["torsoRoll"](times)
        values["torsoY"] = -0.002 * breath
        values["headX"] = 0.6 * values["torsoX"] + 0.003 * sway * self.shift(times)
        values["headY"] = -0.0015 * breath

    def move_brows(self, values, times, life):
        raised = 0.03 * self.brows(times) + sum_bumps(self.raises, times)
        raised = life * np.clip(raised, -0.05, 0.5)
        # Brows that go up are no longer drawn down.
        ease = 1.0 - np.clip(2.0 * raised, 0.0, 0.7)
        for name, share in (
            ("browInnerUp", 0.8),
            ("browOuterUpLeft", 0.75),
            ("browOuterUpRight", 0.65),
        ):
            values[name] = np.clip(values[name] + share * raised, 0.0, 0.8)
        for side in ("Left", "Right"):
            values[f"browDown{side}"] = values[f"browDown{side}"] * ease

    def look(self, values, times, life):
        """Eyes stay on the camera while the head turns (vestibulo-ocular reflex)."""
        wander = life * self.moods.number(times, "gaze")
        places, _ = self.looks(times)
        gaze = wander[:, None] * self.glances(times) + life[:, None] * places
        is_away = np.clip(np.abs(places).max(1) / 0.1, 0.0, 1.0)
        limit = GAZE_LIMIT + (LOOK_LIMIT - GAZE_LIMIT) * is_away
        right, up = gaze[:, 0] - values["headYaw"], gaze[:, 1] - values["headPitch"]
        turn_eyes(values, right, up, limit)

    def blink(self, values, times):
        spoken = [voice[:2] for voice in self.voices]
        lids = self.blinks(times, self.moods.at, spoken, self.pauses)
        if self.ends is not None:
            first, last = self.ends
            inside = [s for s in self.blinks.starts if first <= s < last - sum(BLINK)]
            lids = shut_lids(times, inside)
        for side in ("Left", "Right"):
            # A lid rests on the eye: it sinks with a glance down.
            rest = 0.3 * values[f"eyeLookDown{side}"]
            values[f"eyeBlink{side}"] = rest + (1.0 - rest) * lids
            wide = values[f"eyeWide{side}"] + 0.3 * values[f"eyeLookUp{side}"]
            values[f"eyeWide{side}"] = wide * (1.0 - lids)
            values[f"eyeSquint{side}"] = values[f"eyeSquint{side}"] * (1.0 - lids)


def sum_bumps(entries, times, limit=np.inf):
    """The sum of bumps smaller than `limit`, each times its size."""
    total = np.zeros(len(times))
    for _, peak, rise, fall, size in entries:
        if size < limit:
            near = slice(*np.searchsorted(times, [peak - rise, peak + fall]))
            total[near] += size * bump(times[near], peak, rise, fall)
    return total
