"""A small code for each training frame: what it shows that controls don't say."""

import keras
import tensorflow as tf
from keras import ops

from keras_anchor.layers import register

START = 0.1
# Of a code of length 1, in the losses' unit.
COST = 1e-3


@register
class FrameCodes(keras.layers.Layer):
    """Codes of footage's frames, in the place of noise.

    Light, hair and clothes change in ways that no control names. Without codes they
    become blur: the mean of all frames with the same controls. The codes' mean over
    all frames is 0, which is what anchors are shown with.

    Args:
        num_frames: How many frames there are.
        size: Of a code, the generator's noise size.
        first, last: Columns that this network learns; the others stay 0, or as they
            were learned before.

    Call arguments:
        index: `(batch,)` integers, numbers of frames.

    Returns:
        `(batch, size)`.

    Reference:
        [Bojanowski et al., 2018, section 2](https://arxiv.org/abs/1707.05776), the
        codes learned along with the generator
    """

    def __init__(self, num_frames, size, first, last, **kwargs):
        super().__init__(**kwargs)
        self.num_frames, self.size = num_frames, size
        self.first, self.last = first, last

    def build(self, _=None):
        self.learned = self.add_weight(
            name="learned",
            shape=(self.num_frames, self.last - self.first),
            initializer=keras.initializers.RandomNormal(stddev=START, seed=0),
        )
        self.given = self.add_weight(
            name="given",
            shape=(self.num_frames, self.size),
            initializer="zeros",
            trainable=False,
        )

    def call(self, index):
        padding = [[0, 0], [self.first, self.size - self.last]]
        # A product, since the gradient of a gather adds frames that a batch holds
        # twice in any order, and a resumed run must repeat an uninterrupted one.
        chosen = tf.one_hot(index, self.num_frames)
        return chosen @ (tf.pad(self.own(), padding) + self.given)

    def own(self):
        """What this network has learned, `(num_frames, last - first)`, of mean 0."""
        return self.learned - ops.mean(self.learned, axis=0)

    def cost(self, codes):
        """Mean squared length of codes `(batch, size)`, weighted: keeps them small."""
        return COST * ops.mean(ops.sum(ops.square(codes), axis=-1))

    def get_config(self):
        return super().get_config() | {
            "num_frames": self.num_frames,
            "size": self.size,
            "first": self.first,
            "last": self.last,
        }
