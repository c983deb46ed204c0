import json
import os

import keras
import pytest

from keras_anchor.callbacks import Budget, Checkpoint, JsonLines


@pytest.fixture
def model():
    return keras.Sequential([keras.Input((64,)), keras.layers.Dense(64)])


@pytest.fixture
def checkpoint(model, tmp_path):
    checkpoint = Checkpoint(tmp_path / "mouth.keras", Budget((1e-3, 0.0), steps=4))
    checkpoint.set_model(model)
    return checkpoint


def test_a_full_disk_leaves_the_checkpoint_before(checkpoint, tmp_path, full_disk):
    checkpoint.on_epoch_end(0)
    before = checkpoint.path.read_bytes()
    with pytest.raises(OSError, match="File too large"), full_disk(4000):
        checkpoint.on_epoch_end(1)
    assert checkpoint.path.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"mouth.keras", "mouth.json"}


@pytest.mark.parametrize("num_renamed", [0, 1])
def test_a_checkpoint_is_never_without_its_progress(
    num_renamed, checkpoint, tmp_path, monkeypatch
):
    """Training that goes on reads both, wherever Ctrl-C came between."""
    renamed, replace = [], os.replace

    def stop(*paths):
        if len(renamed) == num_renamed:
            raise KeyboardInterrupt
        renamed.append(paths)
        replace(*paths)

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.on_epoch_end(0)
    names = {path.name for path in tmp_path.iterdir()}
    assert len(renamed) == num_renamed
    assert names in (set(), {"mouth.json"}, {"mouth.json", "mouth.keras"})


def test_a_full_disk_leaves_a_log_of_whole_lines(tmp_path, full_disk):
    log = JsonLines(tmp_path / "log.jsonl", "mouth", Budget((1e-3, 0.0), steps=4))
    log.budget.count = 2
    log.on_epoch_end(0, {"pixel_l1": 0.5})
    with pytest.raises(OSError, match="File too large"), full_disk(100):
        log.on_epoch_end(1, {"pixel_l1": 0.25})
    log.on_epoch_end(1, {"pixel_l1": 0.125})
    entries = [json.loads(line) for line in log.path.read_text().splitlines()]
    assert [entry["pixel_l1"] for entry in entries] == [0.5, 0.125]
    assert list(tmp_path.iterdir()) == [log.path]
