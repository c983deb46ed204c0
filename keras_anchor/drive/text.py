"""Text to a performance: a voice, a mouth that says it, and a person around it."""

import numpy as np

from keras_anchor import controls as ctl
from keras_anchor.drive.idle import idle_controls
from keras_anchor.drive.speech import speak
from keras_anchor.drive.visemes import mouth_controls
from keras_anchor.performance import Performance, check_fps

# Seconds of silence around the speech: nobody starts or stops at a cut.
BEFORE, AFTER = 0.3, 0.6


def perform_text(text, voice=None, fps=25, seed=0, openness=1.0):
    """Speaks text as a calm newsreader.

    Args:
        text: What to say; see `speak`.
        voice: `en`, `zh`, a name of espeak-ng's, or by default what the letters ask.
        fps: Frames a second, 1 to 240.
        seed: Picks blinks, glances and nods.
        openness: How far the mouth opens; 1 is a newsreader, 1.4 a keen one.

    Returns:
        A `Performance` with sound, exactly as long as its frames.

    Raises:
        ValueError: If there is nothing to say, no such voice, or no such `fps`.
    """
    check_fps(fps)
    speech = speak(text, voice).padded(BEFORE, AFTER)
    num_frames = int(np.ceil(speech.seconds * fps))
    return perform_speech(speech, num_frames, fps, seed=seed, openness=openness)


def perform_speech(speech, num_frames, fps, seed=0, openness=1.0):
    """The performance of a `Speech` that starts with the first frame."""
    controls = idle_controls(num_frames, fps, seed=seed, speech=speech)
    controls = controls + mouth_controls(
        speech.phonemes, num_frames, fps, openness=openness
    )
    num_samples = round(num_frames / fps * speech.sample_rate)
    sound = np.zeros(num_samples, "float32")
    sound[: len(speech.sound)] = speech.sound[:num_samples]
    return Performance(ctl.clip(controls), fps, sound, speech.sample_rate)
