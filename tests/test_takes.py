import json

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.data.shards import fill_hidden
from keras_anchor.data.takes import Take, write_take
from keras_anchor.face_model import FaceModel

NUM_FRAMES, SIZE = 20, 32


def make_face_model(num_points=5):
    return FaceModel(
        neutral=np.zeros((num_points, 3), "float32"),
        offsets=np.ones((62, num_points, 3), "float32"),
        skin=np.tile([[0.0, 0.0, 1.0]], (num_points, 1)),
        joints=np.zeros((2, 3)),
        distance=1e3,
        mouth_box=np.array([-0.3, 0.1, 0.3, 0.5]),
        eyes_box=np.array([-0.4, -0.4, 0.4, 0.0]),
        face_box=np.array([-0.5, -0.5, 0.5, 0.5]),
    )


def make_controls():
    values = np.random.default_rng(0).uniform(size=(NUM_FRAMES, 62))
    return ctl.clip(values)


def make_frames(channels=4):
    """Smooth reddish gradients whose brightness tells the frame's index."""
    ramp = np.linspace(0, 60, SIZE)
    for index in range(NUM_FRAMES):
        colour = ramp[:, None, None] + ramp[None, :, None] + 5.0 * index
        frame = np.repeat(colour, channels, -1)
        frame[..., 0] += 40.0
        if channels == 4:
            frame[..., 3] = 255.0 * (ramp > 10.0)[:, None]
            frame[frame[..., 3] == 0] = 0
        yield frame.astype("uint8")


def make_take(folder, channels=4, **options):
    return write_take(
        folder=folder,
        frames=options.pop("frames", make_frames(channels)),
        controls=options.pop("controls", make_controls()),
        fps=25,
        name="tester",
        face_model=make_face_model(),
        **options,
    )


@pytest.fixture(scope="module")
def take_folder(tmp_path_factory):
    sound = np.sin(np.arange(4800) / 10)
    folder = tmp_path_factory.mktemp("takes") / "take"
    return make_take(folder, sound=sound, sample_rate=48000, info={"licence": "CC0"})


def test_controls_and_matte_survive_and_colour_nearly(take_folder):
    take = Take(take_folder)
    rows, pictures = make_controls(), np.stack(list(make_frames()))
    for split, part in (("train", slice(0, 17)), ("heldout", slice(17, None))):
        frames, controls = take.arrays(split)
        np.testing.assert_array_equal(controls, rows[part])
        np.testing.assert_array_equal(frames[..., 3], pictures[part][..., 3])
        is_visible = pictures[part][..., 3] > 0
        error = frames.astype(int) - pictures[part]
        assert np.abs(error[is_visible]).max() <= 6


def test_some_frames_are_evenly_spaced(take_folder):
    frames, controls = Take(take_folder).arrays("train")
    few, their_controls = Take(take_folder).arrays("train", at_most=5)
    chosen = [1, 5, 8, 11, 15]
    np.testing.assert_array_equal(few, frames[chosen])
    np.testing.assert_array_equal(their_controls, controls[chosen])


def test_dataset_yields_controls_then_frames_in_order(take_folder):
    take = Take(take_folder)
    pairs = list(take.dataset("train").as_numpy_iterator())
    controls, frames = take.arrays("train")[1], take.arrays("train")[0]
    np.testing.assert_array_equal(np.stack([pair[0] for pair in pairs]), controls)
    np.testing.assert_array_equal(np.stack([pair[1] for pair in pairs]), frames)
    assert pairs[0][0].dtype == np.float32 and pairs[0][1].dtype == np.uint8


def test_tensorflow_datasets_reads_it_without_us(take_folder):
    tfds = pytest.importorskip("tensorflow_datasets")
    builder = tfds.builder_from_directory(str(take_folder))
    assert builder.info.splits["train"].num_examples == 17
    example = next(iter(tfds.as_numpy(builder.as_dataset(split="heldout"))))
    assert set(example) == {"index", "controls", "colour", "matte"}
    assert example["index"] == 17


def test_frames_without_alpha_have_no_matte(tmp_path):
    take = Take(make_take(tmp_path / "take", channels=3))
    assert take.channels == 3
    assert take.arrays("heldout")[0].shape == (3, SIZE, SIZE, 3)


def test_sound_info_and_face_come_back(take_folder):
    take = Take(take_folder)
    samples, sample_rate = take.sound()
    np.testing.assert_allclose(samples, np.sin(np.arange(4800) / 10), atol=1e-4)
    assert sample_rate == 48000
    assert (take.name, take.fps, take.size) == ("tester", 25.0, SIZE)
    assert take.info["licence"] == "CC0"
    assert take.info["num_frames"] == NUM_FRAMES
    np.testing.assert_array_equal(take.face_model.offsets, 1.0)
    assert (take_folder / "contact_sheet.jpg").stat().st_size > 1000


def test_a_silent_take_has_no_sound(tmp_path):
    assert Take(make_take(tmp_path / "take")).sound() is None


def test_the_same_input_gives_the_same_files(take_folder, tmp_path):
    sound = np.sin(np.arange(4800) / 10)
    again = make_take(
        tmp_path / "take", sound=sound, sample_rate=48000, info={"licence": "CC0"}
    )
    names = sorted(path.name for path in take_folder.iterdir())
    assert names == sorted(path.name for path in again.iterdir())
    for name in names:
        assert (take_folder / name).read_bytes() == (again / name).read_bytes(), name


def test_a_take_with_other_control_order_is_matched_by_name(tmp_path):
    folder = make_take(tmp_path / "take")
    path = folder / "controls.json"
    schema = json.loads(path.read_text())
    schema["controls"][0], schema["controls"][1] = (
        schema["controls"][1],
        schema["controls"][0],
    )
    path.write_text(json.dumps(schema))
    expected = make_controls()
    expected[:, [0, 1]] = expected[:, [1, 0]]
    np.testing.assert_array_equal(Take(folder).arrays("train")[1], expected[:17])


def test_unknown_controls_are_refused(tmp_path):
    folder = make_take(tmp_path / "take")
    path = folder / "controls.json"
    path.write_text(path.read_text().replace("jawOpen", "earWiggle"))
    message = r"Unknown controls \['earWiggle'\] in .*controls.json; a newer keras-"
    with pytest.raises(ValueError, match=message):
        Take(folder)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("take.json", b"{"),
        ("take.json", b"{}"),
        ("controls.json", b'{"controls": 62}'),
        ("face.npz", b"PK"),
        ("features.json", b"{"),
    ],
)
def test_a_damaged_file_is_named(name, data, tmp_path):
    folder = make_take(tmp_path / "take")
    (folder / name).write_bytes(data)
    with pytest.raises(ValueError, match=rf"{name} is damaged \(.*[Mm]ake .* again"):
        assert Take(folder).face_model and Take(folder).dataset("train")


@pytest.mark.parametrize("num_bytes", [None, 1000], ids=["missing", "cut off"])
def test_damaged_frames_are_refused(num_bytes, tmp_path):
    folder = make_take(tmp_path / "take")
    path = folder / "take-train.tfrecord-00000"
    data = path.read_bytes()
    path.unlink()
    if num_bytes:
        path.write_bytes(data[:num_bytes])
    with pytest.raises(
        ValueError, match="frames of .* cannot be read: .*make it again"
    ):
        Take(folder).arrays("train")


def test_a_folder_that_is_no_take_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is no take"):
        Take(tmp_path)


def test_an_unknown_split_is_refused(take_folder):
    with pytest.raises(ValueError, match="received 'test'"):
        Take(take_folder).arrays("test")


def test_a_take_without_its_frames_is_refused(tmp_path):
    folder = make_take(tmp_path / "take")
    (folder / "dataset_info.json").unlink()
    with pytest.raises(ValueError, match="Make the take again"):
        Take(folder).dataset("train")


def interrupted_frames():
    yield from list(make_frames())[:5]
    raise KeyboardInterrupt


def test_an_interrupted_take_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        make_take(tmp_path / "take", frames=interrupted_frames())
    assert list(tmp_path.iterdir()) == []
    make_take(tmp_path / "take")
    assert list(tmp_path.iterdir()) == [tmp_path / "take"]


@pytest.mark.parametrize(
    "num_bytes", [1000, 6000, 20_000], ids=["features", "frames", "contact sheet"]
)
def test_a_full_disk_leaves_no_take(num_bytes, tmp_path, full_disk):
    tf = pytest.importorskip("tensorflow")
    errors = OSError, tf.errors.OpError
    with pytest.raises(errors, match="File too large"), full_disk(num_bytes):
        make_take(tmp_path / "take")
    assert list(tmp_path.iterdir()) == []
    make_take(tmp_path / "take")
    assert list(tmp_path.iterdir()) == [tmp_path / "take"]


def test_an_existing_folder_is_not_overwritten(tmp_path):
    (tmp_path / "take").mkdir()
    with pytest.raises(ValueError, match="exists already"):
        make_take(tmp_path / "take")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"frames": list(make_frames())[:3]}, "received 3"),
        ({"frames": [*make_frames(), *make_frames()]}, "as frame 20"),
        ({"frames": []}, "received 0"),
        ({"frames": [np.zeros((8, 9, 3), "uint8")]}, "size, size, 3 or 4"),
        ({"frames": [np.zeros((8, 8, 3))] * NUM_FRAMES}, "size, size, 3 or 4"),
        ({"controls": np.zeros((NUM_FRAMES, 52))}, r"received \(20, 52\)"),
        ({"controls": np.full((NUM_FRAMES, 62), np.nan)}, "frame 0 are not finite"),
        ({"is_train": [True]}, r"`is_train` of shape \(20,\)"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        make_take(tmp_path / "take", **options)
    assert list(tmp_path.iterdir()) == []


def test_hidden_colour_continues_the_visible(tmp_path):
    frame = np.zeros((64, 64, 4), "uint8")
    frame[:, :32] = (200, 100, 50, 255)
    filled = fill_hidden(frame)
    np.testing.assert_allclose(filled[:, 32:], [[(200, 100, 50)] * 32] * 64, atol=1)
    np.testing.assert_array_equal(filled[:, :32], frame[:, :32, :3])
