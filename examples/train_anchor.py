"""Trains an anchor by hand: `python examples/train_anchor.py takes/adam out/example`.

`keras-anchor train` does more: it trains mouth and eyes first and alone.
"""

import sys

import keras
from keras.layers import Conv2D, Dense

from keras_anchor.data.crops import choose_still
from keras_anchor.data.takes import Take
from keras_anchor.export import export_anchor
from keras_anchor.frames import to_float
from keras_anchor.gan import ControlGAN
from keras_anchor.generators import build_generator
from keras_anchor.runs import Run


def build_discriminator(size, num_controls):
    """Judges patches of frames, knowing the controls (projection)."""
    frames, controls = keras.Input((size, size, 3)), keras.Input((num_controls,))
    fine = Conv2D(32, 4, 2, "same", activation="leaky_relu")(frames)
    coarse = Conv2D(64, 4, 2, "same", activation="leaky_relu")(fine)
    asked = Dense(64)(controls)[:, None, None]
    logits = Conv2D(1, 3, padding="same")(coarse * (1.0 + asked))
    judged = {"logits": [logits], "features": [fine, coarse]}
    return keras.Model([frames, controls], judged)


def main(take_folder, out_folder, epochs=20):
    take = Take(take_folder)
    frames, controls = take.arrays("train")
    index = choose_still(take.face_model, controls)
    still, still_controls = to_float(frames[index]), controls[index]
    generator = build_generator(
        take.face_model, still, still_controls, grid_size=take.size // 4
    )
    gan = ControlGAN(generator, build_discriminator(take.size, controls.shape[1]))
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(4e-4, beta_1=0.5),
        generator_losses=["non_saturating_generator", "feature_matching", "pixel_l1"],
        discriminator_losses=["non_saturating_discriminator", "r1"],
        loss_weights={"pixel_l1": 10.0, "feature_matching": 2.0, "r1": 0.1},
    )
    gan.fit(controls, frames, batch_size=8, epochs=epochs)
    run = Run(f"{out_folder}/run", {"take": take.name, "fps": take.fps})
    run.save_generator(gan.ema_generator)
    print(export_anchor(run.folder, f"{out_folder}/anchor"))


if __name__ == "__main__":
    main(*sys.argv[1:3])
