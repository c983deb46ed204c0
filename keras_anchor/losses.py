"""Losses: functions of one training `Step`, each returning `(batch,)`.

A loss asks the step for what it needs (frames, logits, features), and the step
computes only what was asked. `ControlGAN` is the only place that averages, weights
and scales losses. `LOSSES` names them, so that a compiled model can be saved.
"""

from functools import cached_property

import tensorflow as tf
from tensorflow.nn import softplus


class Step:
    """One training step as the losses see it.

    Args:
        discriminate: Function from frames to `(logits, features)`, both lists: logits
            `(batch, height, width, 1)`, high where frames are taken for real.
        controls: `(batch, num_controls)`.
        frames: Real frames, `(batch, height, width, channels)` in `[-1, 1]`.
        fake_frames: Generated frames for the same controls.
    """

    def __init__(self, discriminate, controls, frames, fake_frames):
        self.discriminate = discriminate
        self.controls = controls
        self.frames = frames
        self.fake_frames = fake_frames

    @cached_property
    def real(self):
        return self.discriminate(self.frames)

    @cached_property
    def fake(self):
        return self.discriminate(self.fake_frames)

    @property
    def real_logits(self):
        return self.real[0]

    @property
    def fake_logits(self):
        return self.fake[0]


def mean_of(values):
    """Mean over all but the batch: `(batch, ...)` to `(batch,)`."""
    return tf.reduce_mean(values, axis=tuple(range(1, len(values.shape))))


def sum_of_heads(function, *logits):
    """Sum over a discriminator's heads of the mean of `function` over patches."""
    heads = zip(*logits, strict=True)
    return tf.add_n([mean_of(function(*head)) for head in heads])


def non_saturating_generator(step):
    """Goodfellow et al., 2014, section 3 (https://arxiv.org/abs/1406.2661)."""
    return sum_of_heads(lambda fake: softplus(-fake), step.fake_logits)


def non_saturating_discriminator(step):
    """Goodfellow et al., 2014, equation 1, negated and on logits."""
    return sum_of_heads(
        lambda real, fake: softplus(-real) + softplus(fake),
        step.real_logits,
        step.fake_logits,
    )


def relativistic_generator(step):
    """Huang et al., 2025, equation 2 (https://arxiv.org/abs/2501.05441)."""
    return sum_of_heads(
        lambda real, fake: softplus(real - fake), step.real_logits, step.fake_logits
    )


def relativistic_discriminator(step):
    """The other side of `relativistic_generator`."""
    return sum_of_heads(
        lambda real, fake: softplus(fake - real), step.real_logits, step.fake_logits
    )


def pixel_l1(step):
    """Mean absolute difference."""
    return mean_of(tf.abs(step.frames - step.fake_frames))


def pixel_l2(step):
    """Mean squared difference."""
    return mean_of(tf.square(step.frames - step.fake_frames))


def feature_matching(step):
    """Mean absolute difference of the discriminator's features, summed over layers.

    Reference: Wang et al., 2018, equation 4, https://arxiv.org/abs/1711.11585
    """
    _, real_features = step.real
    _, fake_features = step.fake
    return tf.add_n(
        [
            mean_of(tf.abs(tf.stop_gradient(real) - fake))
            for real, fake in zip(real_features, fake_features, strict=True)
        ]
    )


def r1(step):
    """Half the squared gradient of the logits at real frames, pulling them flat.

    Reference: Mescheder et al., 2018, equation 9, https://arxiv.org/abs/1801.04406
    """
    with tf.GradientTape() as tape:
        tape.watch(step.frames)
        # A frame only affects its own logits, so the gradient of the sum holds every
        # per-example gradient.
        heads, _ = step.discriminate(step.frames)
        total = tf.add_n([tf.reduce_sum(mean_of(logits)) for logits in heads])
    gradients = tape.gradient(total, step.frames)
    return 0.5 * tf.reduce_sum(tf.square(gradients), axis=(1, 2, 3))


LOSSES = {
    loss.__name__: loss
    for loss in (
        non_saturating_generator,
        non_saturating_discriminator,
        relativistic_generator,
        relativistic_discriminator,
        pixel_l1,
        pixel_l2,
        feature_matching,
        r1,
    )
}


def get(name):
    """The loss called `name`."""
    if name not in LOSSES:
        raise ValueError(f"Unknown loss {name!r}. Known losses: {sorted(LOSSES)}.")
    return LOSSES[name]
