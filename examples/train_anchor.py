"""Trains an anchor by hand, with nothing but Keras between the lines.

    python examples/train_anchor.py takes/adam out/example

`keras-anchor train` does more: it trains mouth and eyes first and alone.
"""

import sys

import keras
from keras import layers

from keras_anchor.data.crops import choose_still
from keras_anchor.data.takes import Take
from keras_anchor.export import export_anchor
from keras_anchor.frames import to_float
from keras_anchor.gan import ControlGAN
from keras_anchor.generators import build_generator
from keras_anchor.runs import Run


def build_discriminator(size, num_controls):
    """Patch logits for frames over a colour, given controls (projection)."""
    frames = keras.Input((size, size, 3))
    controls = keras.Input((num_controls,))
    x, features = frames, []
    for filters in (32, 64, 96):
        x = layers.Conv2D(filters, 4, 2, "same", activation="leaky_relu")(x)
        features.append(x)
    asked = layers.Reshape((1, 1, 96))(layers.Dense(96)(controls))
    logits = layers.Conv2D(1, 3, padding="same")(layers.Multiply()([x, asked + 1.0]))
    return keras.Model([frames, controls], {"logits": [logits], "features": features})


def main(take_folder, out_folder, epochs=20):
    take = Take(take_folder)
    frames, controls = take.arrays("train")
    index = choose_still(take.face_model, controls)
    still, still_controls = to_float(frames[index]), controls[index]
    gan = ControlGAN(
        build_generator(
            take.face_model, still, still_controls, grid_size=take.size // 4
        ),
        build_discriminator(take.size, controls.shape[1]),
    )
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(4e-4, beta_1=0.5),
        generator_losses=["non_saturating_generator", "feature_matching", "pixel_l1"],
        discriminator_losses=["non_saturating_discriminator", "r1"],
        loss_weights={"pixel_l1": 10.0, "feature_matching": 2.0, "r1": 0.1},
    )
    gan.fit(controls, frames, batch_size=8, epochs=epochs)

    run = Run(f"{out_folder}/run", {"take": take.name, "fps": take.fps})
    take.face_model.save(run.folder / "face.npz")
    run.save_generator(gan.ema_generator)
    print(export_anchor(run.folder, f"{out_folder}/anchor", name=take.name))


if __name__ == "__main__":
    main(*sys.argv[1:3])
