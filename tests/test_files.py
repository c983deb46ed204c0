import numpy as np
import pytest

from keras_anchor.controls import save_controls
from keras_anchor.files import read_json, write_json, writing
from keras_anchor.frames import write_picture
from keras_anchor.performance import Performance, write_performance

WRITERS = {
    "values.json": lambda path: write_json(path, list(range(1000))),
    "controls.json": lambda path: save_controls(path.parent),
    "performance.csv": lambda path: write_performance(
        path, Performance(np.zeros((40, 62)), 25.0)
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_file_before(name, tmp_path, full_disk):
    path = tmp_path / name
    path.write_text("the file before")
    with pytest.raises(OSError, match="File too large"), full_disk(2000):
        WRITERS[name](path)
    assert path.read_text() == "the file before"
    assert list(tmp_path.iterdir()) == [path]
    WRITERS[name](path)
    assert path.stat().st_size > 2000
    assert list(tmp_path.iterdir()) == [path]


def test_ctrl_c_leaves_the_file_before(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("the file before")
    with pytest.raises(KeyboardInterrupt), writing(path) as part:
        part.write_text("half a")
        raise KeyboardInterrupt
    assert path.read_text() == "the file before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_full_disk_spoils_no_picture_in_silence(suffix, tmp_path, full_disk, rng):
    pixels = rng.integers(0, 255, (64, 64, 3), "uint8")
    with pytest.raises(OSError, match="File too large"), full_disk(1000):
        write_picture(tmp_path / f"picture{suffix}", pixels)


@pytest.mark.parametrize("data", [b"{", b"", b"\xff\xfe"])
def test_damaged_json_is_named(data, tmp_path):
    path = tmp_path / "config.json"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"config.json is damaged \(.*make it again"):
        read_json(path)
