import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_anchor.codes import FrameCodes
from keras_anchor.gan import ControlGAN, seen_over

NUM_CONTROLS, NOISE_SIZE, IMAGE_SIZE = 4, 2, 8


def build_generator():
    controls = keras.Input((NUM_CONTROLS,), name="controls")
    noise = keras.Input((NOISE_SIZE,), name="noise")
    style = keras.layers.Concatenate()([controls, noise])
    x = keras.layers.Dense(IMAGE_SIZE * IMAGE_SIZE * 4)(style)
    x = keras.layers.Reshape((IMAGE_SIZE, IMAGE_SIZE, 4))(x)
    frames = keras.layers.Conv2D(4, 1, activation="tanh")(x)
    return keras.Model([controls, noise], frames)


def build_discriminator():
    frames = keras.Input((IMAGE_SIZE, IMAGE_SIZE, 3))
    controls = keras.Input((NUM_CONTROLS,))
    x = keras.layers.Conv2D(4, 3, strides=2, activation="leaky_relu")(frames)
    bias = keras.layers.Reshape((1, 1, 4))(keras.layers.Dense(4)(controls))
    logits = keras.layers.Conv2D(1, 1)(keras.layers.Add()([x, bias]))
    return keras.Model([frames, controls], {"logits": [logits], "features": [x]})


@pytest.fixture
def batch(rng):
    controls = rng.uniform(-1, 1, (8, NUM_CONTROLS)).astype("float32")
    frames = rng.integers(0, 256, (8, IMAGE_SIZE, IMAGE_SIZE, 4), "uint8")
    return controls, frames


def make_gan(codes=None, **kwargs):
    keras.utils.set_random_seed(0)
    gan = ControlGAN(build_generator(), build_discriminator(), codes, ema_decay=0.5)
    settings = {
        "generator_optimizer": keras.optimizers.SGD(0.1, momentum=0.9),
        "discriminator_optimizer": keras.optimizers.SGD(0.1, momentum=0.9),
        "generator_losses": ["relativistic_generator", "feature_matching", "pixel_l1"],
        "discriminator_losses": ["r1", "relativistic_discriminator"],
    }
    gan.compile(**(settings | kwargs))
    return gan


def fit(gan, batch):
    """One step on the whole batch, returning the logged losses."""
    dataset = tf.data.Dataset.from_tensor_slices(batch).batch(8, drop_remainder=True)
    return gan.fit(dataset, verbose=0).history


@pytest.mark.slow
def test_two_replicas_train_like_one(batch, monkeypatch):
    # Noise and backgrounds differ per replica by design; without them runs agree.
    monkeypatch.setattr(
        ControlGAN, "sample_noise", lambda self, controls: 0.0 * controls[:, :2]
    )
    monkeypatch.setattr(
        ControlGAN, "sample_background", lambda self, controls: tf.zeros((1, 1, 1, 3))
    )
    alone = make_gan()
    start = alone.get_weights()
    alone_losses = fit(alone, batch)
    with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
        mirrored = make_gan()
    mirrored_losses = fit(mirrored, batch)

    assert any(np.any(a != b) for a, b in zip(start, alone.get_weights(), strict=True))
    for one, two in zip(alone.get_weights(), mirrored.get_weights(), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-5)
    for name, one in alone_losses.items():
        np.testing.assert_allclose(one, mirrored_losses[name], rtol=1e-4)


@pytest.mark.parametrize("has_codes", [False, True])
def test_resumed_equals_uninterrupted(has_codes, batch, tmp_path):
    if has_codes:
        batch = (*batch, np.arange(8))
    codes = FrameCodes(8, NOISE_SIZE, 0, NOISE_SIZE) if has_codes else None
    uninterrupted = make_gan(codes)
    fit(uninterrupted, batch)
    uninterrupted.save(tmp_path / "step1.keras")
    fit(uninterrupted, batch)

    resumed = keras.models.load_model(tmp_path / "step1.keras")
    fit(resumed, batch)
    for one, two in zip(
        uninterrupted.get_weights(), resumed.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(one, two)


def test_codes_take_what_controls_cannot_say(rng):
    """Frames of the same controls differ in brightness: their codes tell them apart."""
    brightness = np.repeat([-0.8, 0.8], 4).astype("float32")
    frames = np.ones((8, IMAGE_SIZE, IMAGE_SIZE, 4), "float32")
    frames[..., :3] = brightness[:, None, None, None]
    batch = np.zeros((8, NUM_CONTROLS), "float32"), frames, np.arange(8)
    codes = FrameCodes(8, NOISE_SIZE, 0, NOISE_SIZE)
    gan = make_gan(
        codes,
        generator_optimizer=keras.optimizers.Adam(0.03),
        generator_losses=["pixel_l1"],
        discriminator_losses=(),
    )
    losses = [fit(gan, batch)["pixel_l1"][0] for _ in range(60)]
    assert losses[-1] < 0.25 * losses[0]
    drawn = gan.generator([tf.constant(batch[0]), codes.own()])[..., :3]
    assert np.corrcoef(np.mean(drawn, (1, 2, 3)), brightness)[0, 1] > 0.9


def test_lazy_loss_is_as_strong_on_average(batch):
    """R1 every second step logs twice the value, then nothing."""
    always, lazy = (
        make_gan(
            discriminator_losses=["r1"],
            loss_intervals={"r1": interval},
            generator_optimizer=keras.optimizers.SGD(0.0),
            discriminator_optimizer=keras.optimizers.SGD(0.0),
        )
        for interval in (1, 2)
    )
    every, first, second = (fit(gan, batch)["r1"][0] for gan in (always, lazy, lazy))
    # Another step has another background, behind which R1 is another; the first
    # steps share theirs.
    assert first == pytest.approx(2.0 * every, rel=1e-4)
    assert second == 0.0 < every


def test_trains_without_discriminator(batch):
    gan = ControlGAN(build_generator())
    gan.compile(
        keras.optimizers.Adam(0.03),
        generator_losses=["pixel_l1", "pixel_l2"],
        discriminator_losses=(),
    )
    losses = [fit(gan, batch)["pixel_l1"][0] for _ in range(20)]
    assert losses[-1] < 0.8 * losses[0]


def test_hidden_colour_costs_nothing(rng):
    frames = rng.uniform(-1, 1, (2, 4, 4, 4)).astype("float32")
    frames[..., 3] = -1.0
    other = frames.copy()
    other[..., :3] *= -1.0
    background = rng.uniform(-1, 1, (2, 1, 1, 3)).astype("float32")
    np.testing.assert_allclose(
        seen_over(tf.constant(frames), background),
        seen_over(tf.constant(other), background),
        atol=1e-6,
    )


def test_names_the_misspelled_weight():
    with pytest.raises(
        ValueError, match=r"\['pixels'\].*In use: \['feature_matching', 'pixel_l1'"
    ):
        make_gan(loss_weights={"pixels": 10.0})


def test_asks_for_the_missing_discriminator():
    gan = ControlGAN(build_generator())
    with pytest.raises(ValueError, match="need a `discriminator`"):
        gan.compile(keras.optimizers.Adam())
