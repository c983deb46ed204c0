"""What a training trains, and on what: a take's frames and the networks for them."""

import math

import numpy as np

from keras_anchor import presets
from keras_anchor.augment import MixExpressions
from keras_anchor.data.crops import (
    choose_still,
    cover_outside,
    cut_crops,
    mean_picture,
    still_box,
)
from keras_anchor.discriminators import build_crop_discriminator
from keras_anchor.frames import resize, to_float
from keras_anchor.generators import (
    CROPS,
    build_crop_decoder,
    build_crop_generator,
    build_generator,
    cell_size,
)
from keras_anchor.stills import pixels, window_mask

NETWORKS = (*CROPS, "whole")
# Of the training frames that are held in memory; of longer takes, every second or third
# is seen. Held-out ones are only drawn on sample sheets.
MAX_BYTES, NUM_SAMPLES = 3 << 30, 24


def network_of(stage):
    """One of `NETWORKS`."""
    return stage["name"].removesuffix("_adversarial")


class Studio:
    """A take's data and the networks that are trained on it.

    Args:
        take: A `Take`.
        settings: A row of `presets.PRESETS`, and `without`, as in `train`.
        to_train: Names of the networks that are still to be trained; the others'
            frames are not kept.
    """

    def __init__(self, take, settings, to_train=NETWORKS):
        self.settings = settings
        self.face_model = take.face_model
        size = settings["size"]
        at_most = MAX_BYTES // (take.channels * take.size**2)
        train = take.arrays("train", at_most)
        samples = take.arrays("heldout", NUM_SAMPLES)
        self.frames, self.controls = zip(train, samples, strict=True)
        if take.size != size:
            self.frames = [
                np.stack([resize(frame, size) for frame in frames])
                for frames in self.frames
            ]
        self.limits = self.controls[0].min(0), self.controls[0].max(0)
        index = choose_still(self.face_model, self.controls[0])
        self.still = to_float(self.frames[0][index])
        self.still_controls = self.controls[0][index]
        unit = 4 * cell_size(size)
        self.boxes = {
            name: still_box(self.face_model, name, self.still_controls, size, unit)
            for name in CROPS
        }
        crops = [name for name in CROPS if name in to_train]
        self.crops = {name: self.cut(self.boxes[name]) for name in crops}
        self.decoders = {name: self.build_decoder(name) for name in CROPS}
        if "whole" not in to_train:
            self.frames = None

    def cut(self, box):
        """Train and held-out crops in a box."""
        train, heldout = (
            cut_crops(frames, self.affines(controls), box)
            for frames, controls in zip(self.frames, self.controls, strict=True)
        )
        picture = mean_picture(train)
        for crops in (train, heldout):
            cover_outside(crops, picture, window_mask(box, *picture.shape[:2]))
        return train, heldout

    def build_decoder(self, name):
        box, size = self.boxes[name], self.settings["size"]
        if name in self.crops:
            picture = mean_picture(self.crops[name][0])
        else:  # It will be loaded.
            left, top, right, bottom = pixels(box, size)
            picture = np.zeros((bottom - top, right - left, self.still.shape[-1]))
        return build_crop_decoder(
            name,
            box,
            self.face_model.points(self.still_controls[None])[0],
            picture,
            self.settings["noise"],
            self.settings["crop_filters"],
            size,
            getattr(self.face_model, f"{name}_points"),
        )

    def affines(self, controls):
        return self.face_model.head_affine(controls, self.still_controls)

    def data(self, name):
        """Controls and frames of a crop or of the whole: to train on, and samples."""
        frames = self.frames if name == "whole" else self.crops[name]
        return tuple(zip(self.controls, frames, strict=True))

    def most_steps(self, pace):
        """After how many steps a stage ends early, or None."""
        if "early_stop" in self.settings["without"]:
            return None
        passes = presets.PASSES[pace]
        return math.ceil(passes * len(self.controls[0]) / self.settings["batch"])

    def augmentation(self, name, is_adversarial, seed):
        """What changes a stage's crops, or None.

        Moved crops are a little blurred, and no example to a discriminator. Lids slide
        over eyes, which moving can't show: it cost eyes .1 dB and gave the mouth .2.
        """
        is_plain = name != "mouth" or is_adversarial
        if is_plain or "augmentation" in self.settings["without"]:
            return None
        return MixExpressions(
            self.face_model,
            self.still_controls,
            self.boxes[name],
            self.controls[0],
            seed,
        )

    def networks(self, name, is_adversarial):
        """Generator and discriminator (or None) of a stage."""
        if name == "whole":
            crops = [] if "crops" in self.settings["without"] else CROPS
            for decoder in self.decoders.values():
                decoder.trainable = False
            generator = build_generator(
                self.face_model,
                self.still,
                self.still_controls,
                [self.decoders[crop] for crop in crops],
                [self.boxes[crop] for crop in crops],
                self.settings["noise"],
                self.settings["filters"],
                self.settings["grid"],
                self.limits,
                is_warped="warp" not in self.settings["without"],
            )
            return generator, None
        # A discriminator's strides leave a grid in its gradients. Convolutions average
        # it over all places; a picture would learn it.
        picture = self.decoders[name].get_layer("mean_picture")
        picture.trainable = not is_adversarial
        generator = build_crop_generator(
            self.face_model,
            self.still_controls,
            self.decoders[name],
            self.settings["noise"],
            self.limits,
        )
        if not is_adversarial:
            return generator, None
        height, width = self.crops[name][0].shape[1:3]
        discriminator = build_crop_discriminator(
            self.face_model,
            self.still_controls,
            self.boxes[name],
            height,
            width,
            self.settings["size"],
            self.settings["crop_filters"],
        )
        return generator, discriminator
