"""Makes a trained generator's frames as sharp as those it learned from."""

import numpy as np

from keras_anchor.frames import to_uint8
from keras_anchor.metrics import score_frames

# Gradient energy in the face box, against the truth's. Mouth and eyes, which have
# decoders of their own, come out a few hundredths sharper than the rest of the face.
TARGET = 0.95
NUM_FRAMES, TRIAL, MAX_AMOUNT = 48, 0.4, 1.0


def match_sharpness(generator, face_model, controls, frames):
    """Sets how much a generator sharpens the still that it moves.

    Pixel losses end in the mean of what might be, and sampling between pixels blurs
    besides: a tenth of the gradient energy is gone, also in training frames. Energy
    grows nearly linearly with the amount, so two trials tell how much puts it back
    (measured on a clip: .3 lifts the face from .88 to .94 for .1 dB).

    Args:
        generator: Model of `build_generator`.
        controls: `(n, 62)` of the training frames.
        frames: uint8 `(n, size, size, channels)`.

    Returns:
        The amount.
    """
    some = np.unique(np.linspace(0, len(frames) - 1, NUM_FRAMES).astype(int))
    controls, frames = controls[some], frames[some]
    noise = np.zeros((len(some), generator.inputs[1].shape[-1]), "float32")
    amount = generator.get_layer("still").sharpening

    def energy(value):
        amount.assign(value)
        drawn = to_uint8(generator.predict([controls, noise], 8, verbose=0))
        scores = score_frames(face_model, controls, drawn, frames)
        return scores["face"]["sharpness"]

    before, after = energy(0.0), energy(TRIAL)
    wanted = TRIAL * (TARGET - before) / max(after - before, 1e-6)
    amount.assign(np.clip(wanted, 0.0, MAX_AMOUNT))
    return float(amount.numpy())
