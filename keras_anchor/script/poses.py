"""Performances that are cut into one: each begins where the one before ends."""

from dataclasses import replace

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.drive.performing import perform_speech
from keras_anchor.drive.retarget import press
from keras_anchor.drive.speech import Phoneme, Speech
from keras_anchor.drive.visemes import smoothstep
from keras_anchor.films import SOUND_RATE

# Seconds over which a performance comes from and goes to the pose it is cut at.
SETTLE_SECONDS = 0.3


def perform(shot, seed, anchor, fps, openness, rests, table=None):
    """A `Performance` that begins and ends in a pose that others go on from.

    Args:
        seed: Picks blinks and nods.
        rests: Poses that are known, `{mood: controls}`; filled here.
        table: A `VisemeTable`; by default the package's own.
    """
    performance = press(
        perform_speech(
            shot.speech,
            fps=fps,
            seed=seed,
            openness=openness,
            mood=shot.mood,
            cues=shot.cues,
            seamless=True,
            table=table,
        ),
        anchor.ranges,
    )
    moods = [shot.mood, *(cue.value for cue in shot.cues if cue.kind == "mood")]
    for mood in (moods[0], moods[-1]):
        if mood not in rests:
            rests[mood] = find_rest(mood, anchor, fps)
    controls = settle(performance.controls, rests[moods[0]], rests[moods[-1]], fps)
    return replace(performance, controls=controls)


def find_rest(mood, anchor, fps):
    """The controls `(62,)` of an anchor that rests in a mood."""
    silence = Speech(np.zeros(SOUND_RATE, "float32"), SOUND_RATE, [Phoneme(0, 1, "")])
    performance = perform_speech(silence, fps=fps, mood=mood, seamless=True)
    pose = replace(performance, controls=performance.controls[:1])
    return press(pose, anchor.ranges).controls[0]


def settle(controls, first, last, fps):
    """Shifts the ends of controls `(num_frames, 62)` to poses, fading inwards."""
    frames = np.arange(len(controls)) / (SETTLE_SECONDS * fps)
    fade = (1.0 - smoothstep(frames))[:, None]
    start, end = (first - controls[0]) * fade, (last - controls[-1]) * fade[::-1]
    return ctl.clip(controls + start + end)
