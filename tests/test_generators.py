"""The decoder of 512 pixels, which the smallest generator has not."""

import keras
import numpy as np


def test_large_crops_have_no_grid(rng):
    """Where nothing differs between places, nothing may differ between pixels."""
    from keras_anchor.generators import build_crop_decoder

    keras.utils.set_random_seed(0)
    points = np.full((6, 2), 5.0, "float32")  # Far away: the heat maps are empty.
    picture = np.zeros((192, 160, 4))
    decoder = build_crop_decoder(
        "mouth", (-0.3, 0.0, 0.3, 0.7), points, picture, 4, 0.5, 512, range(6)
    )
    layer = decoder.get_layer("mean_picture")
    inside = keras.Model(decoder.inputs, layer.input)
    controls, noise = rng.uniform(size=(1, 62)), rng.normal(size=(1, 4))
    crop = inside.predict([controls, noise, points[None]], verbose=0)[0]
    middle = crop[80:-80, 64:-64]
    assert np.abs(middle).max() > 1e-4
    assert np.ptp(middle, axis=(0, 1)).max() < 1e-3 * np.abs(middle).max()
