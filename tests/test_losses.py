import numpy as np
import pytest
import tensorflow as tf

from keras_anchor import losses


@pytest.fixture
def step(rng):
    """A step whose two heads are linear in the frames, so that R1 is known."""
    weights = [rng.normal(size=(3, 1)).astype("float32") for _ in range(2)]
    frames, fake_frames = (
        tf.constant(rng.uniform(-1, 1, (2, 4, 4, 3)), tf.float32) for _ in range(2)
    )

    def discriminate(frames):
        logits = [tf.tensordot(frames, weight, 1) for weight in weights]
        return logits, [frames * 2.0]

    step = losses.Step(discriminate, None, frames, fake_frames)
    step.weights = weights
    return step


def patches(logits):
    return [np.asarray(head).reshape(2, -1) for head in logits]


def test_non_saturating_losses_are_goodfellows(step):
    def sigmoid(x):
        return 1.0 / (1.0 + np.exp(-x))

    real, fake = patches(step.real_logits), patches(step.fake_logits)
    discriminator = sum(
        -(np.log(sigmoid(one)) + np.log(1.0 - sigmoid(two))).mean(1)
        for one, two in zip(real, fake, strict=True)
    )
    generator = sum(-np.log(sigmoid(head)).mean(1) for head in fake)
    np.testing.assert_allclose(
        losses.non_saturating_discriminator(step), discriminator, rtol=1e-4
    )
    np.testing.assert_allclose(
        losses.non_saturating_generator(step), generator, rtol=1e-4
    )


def test_relativistic_losses_mirror_each_other(step):
    swapped = losses.Step(step.discriminate, None, step.fake_frames, step.frames)
    np.testing.assert_allclose(
        losses.relativistic_generator(step),
        losses.relativistic_discriminator(swapped),
        rtol=1e-5,
    )


def test_r1_of_a_linear_discriminator_is_its_weights(step):
    total = sum(step.weights)[:, 0] / 16.0  # Each pixel's share of the mean.
    expected = 0.5 * 16.0 * np.square(total).sum()
    np.testing.assert_allclose(losses.r1(step), [expected] * 2, rtol=1e-5)


def test_pixel_losses(step):
    gap = np.asarray(step.frames - step.fake_frames).reshape(2, -1)
    np.testing.assert_allclose(losses.pixel_l1(step), np.abs(gap).mean(1), rtol=1e-5)
    np.testing.assert_allclose(losses.pixel_l2(step), (gap**2).mean(1), rtol=1e-5)


def test_feature_matching_compares_features(step):
    np.testing.assert_allclose(
        losses.feature_matching(step), 2.0 * losses.pixel_l1(step), rtol=1e-5
    )


def test_names_the_known_losses():
    with pytest.raises(ValueError, match=r"Unknown loss 'l3'.*'pixel_l1'"):
        losses.get("l3")
