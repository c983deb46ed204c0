import json
import shutil
import zipfile

import numpy as np
import pytest

from keras_anchor import anchors
from keras_anchor import controls as ctl
from keras_anchor.anchors import load_anchor, write_anchor

NOISE = [0.5, -0.25]


@pytest.fixture
def folder(tmp_path):
    """A whole anchor, but for a model that runs."""
    folder = tmp_path / "anchor"
    (folder / "tfjs").mkdir(parents=True)
    for name in ("model.tflite", "tfjs/model.json", "poster.png", "report.html"):
        (folder / name).write_bytes(name.encode())
    ctl.save_controls(folder)
    write_anchor(
        folder,
        "tester",
        size=64,
        alpha=True,
        fps=25,
        noise=np.array(NOISE),
        neutral={"mouthSmileLeft": 0.2},
        ranges={"jawOpen": [0.0, 0.1, 0.4]},
        formats={"tflite": "model.tflite", "tfjs": "tfjs/model.json"},
        metrics={"boxes": {"whole": {"psnr": 31.5}}},
    )
    return folder


def pack_zip(folder, path, prefix=""):
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.rglob("*"):
            if file.is_file():
                archive.write(file, prefix + file.relative_to(folder).as_posix())
    return path


def edit(folder, **changes):
    """Overwrites entries of `anchor.json`."""
    path = folder / "anchor.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_reads_what_was_written(folder):
    anchor = load_anchor(folder)
    assert (anchor.name, anchor.size, anchor.alpha, anchor.fps) == (
        *("tester", 64, True),
        25.0,
    )
    np.testing.assert_array_equal(anchor.noise, NOISE)
    np.testing.assert_array_equal(anchor.neutral, ctl.pack({"mouthSmileLeft": 0.2}))
    assert anchor.names == list(ctl.NAMES)
    assert anchor.path("tfjs") == folder / "tfjs" / "model.json"
    assert anchor.info["synthetic"] is True
    assert anchor.info["metrics"]["boxes"]["whole"]["psnr"] == 31.5


def test_ranges_that_are_not_said_are_the_controls_own(folder):
    assert load_anchor(folder).ranges == ctl.RANGES | {"jawOpen": [0.0, 0.1, 0.4]}
    info = json.loads((folder / "anchor.json").read_text())
    del info["ranges"]
    (folder / "anchor.json").write_text(json.dumps(info))
    assert load_anchor(folder).ranges == ctl.RANGES


def test_lists_every_file_but_itself(folder):
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert load_anchor(folder).info["files"].keys() == files - {"anchor.json"}


def test_names_the_file_that_was_changed(folder):
    (folder / "model.tflite").write_bytes(b"changed")
    with pytest.raises(ValueError, match=r"`model.tflite` in .* sha256 differs"):
        load_anchor(folder)


def test_names_the_file_that_is_missing(folder):
    (folder / "poster.png").unlink()
    with pytest.raises(ValueError, match="`poster.png` is missing"):
        load_anchor(folder)


def test_refuses_a_newer_version(folder):
    edit(folder, version=2)
    with pytest.raises(ValueError, match="has version 2, .* Upgrade it"):
        load_anchor(folder)


@pytest.mark.parametrize("data", [b"{", b"[]", b"{}", b'{"version": 1}', b"\xff"])
def test_says_that_anchor_json_is_damaged(folder, data):
    (folder / "anchor.json").write_bytes(data)
    with pytest.raises(ValueError, match="anchor.json is damaged"):
        load_anchor(folder)


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/../../b", "..\\b"])
def test_never_reads_outside_its_folder(folder, name):
    edit(folder, formats={"tflite": {"path": name}})
    with pytest.raises(ValueError, match="lies outside the anchor"):
        load_anchor(folder)


def test_refuses_a_model_without_a_hash(folder):
    edit(folder, formats={"tflite": {"path": "other.tflite"}})
    with pytest.raises(ValueError, match="`other.tflite`, but lists no sha256"):
        load_anchor(folder)


def test_names_the_formats_it_has(folder):
    with pytest.raises(ValueError, match=r"no format 'onnx'.*\['tflite', 'tfjs'\]"):
        load_anchor(folder).path("onnx")


@pytest.mark.parametrize("prefix", ["", "anchor/"])
def test_a_zip_reads_like_its_folder(folder, tmp_path, prefix):
    path = pack_zip(folder, tmp_path / "anchor.zip", prefix)
    shutil.rmtree(folder)
    anchor = load_anchor(path)
    assert anchor.name == "tester"
    assert anchor.path("tflite").read_bytes() == b"model.tflite"


def test_what_a_mac_adds_to_a_zip_is_left_out(folder, tmp_path):
    path = pack_zip(folder, tmp_path / "anchor.zip", "anna/")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/anna/._anchor.json", "resources")
        archive.writestr(".DS_Store", "how a folder looks")
    assert load_anchor(path).name == load_anchor(folder).name


def test_files_of_a_zip_go_when_the_anchor_does(folder, tmp_path):
    anchor = load_anchor(pack_zip(folder, tmp_path / "anchor.zip"))
    unpacked = anchor.folder
    del anchor
    assert not unpacked.exists()


def test_a_zip_writes_nothing_outside(folder, tmp_path):
    path = pack_zip(folder, tmp_path / "anchor.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../escaped", "x")
    with pytest.raises(ValueError, match="`../escaped`, which lies outside"):
        load_anchor(path)


def test_a_zip_that_explodes_is_refused(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(anchors, "MAX_UNPACKED_BYTES", 10)
    with pytest.raises(ValueError, match="unpacks to more than"):
        load_anchor(pack_zip(folder, tmp_path / "anchor.zip"))


def test_a_damaged_zip_is_refused(folder, tmp_path):
    path = tmp_path / "anchor.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("anchor.json", 1000 * "neutral ")
    data = path.read_bytes()
    path.write_bytes(data[:41] + b"\xff\xff\xff" + data[44:])
    with pytest.raises(ValueError, match=r"is no anchor \(.*\): expected a zip"):
        load_anchor(path)


def test_a_shipped_anchor_has_a_name(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(anchors, "SHIPPED_FOLDER", tmp_path)
    assert load_anchor("anchor").name == load_anchor().name == "tester"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.mkdir(), "no `anchor.json`"),
        (lambda path: path.write_text("text"), "expected a zip or a folder"),
        (lambda path: None, "There is no anchor at .* shipped anchors"),
    ],
)
def test_says_what_is_no_anchor(tmp_path, make, message):
    make(tmp_path / "thing")
    with pytest.raises(ValueError, match=message):
        load_anchor(tmp_path / "thing")


def test_says_that_none_is_shipped(tmp_path, monkeypatch):
    monkeypatch.setattr(anchors, "SHIPPED_FOLDER", tmp_path)
    with pytest.raises(ValueError, match="No anchor is shipped"):
        load_anchor()
