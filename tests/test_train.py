import json
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest

from keras_anchor import callbacks, presets, runs, stages, train
from keras_anchor import controls as ctl
from keras_anchor.consent import Consent
from keras_anchor.data.takes import Take, write_take
from keras_anchor.generators import CROPS
from keras_anchor.runs import load_generator

SIZE, NUM_FRAMES = 64, 12
CONFIG = {
    "preset": "tiny",
    "take": "a",
    "seed": 0,
    "without": [],
}


@pytest.fixture(scope="module")
def tiny_take(tiny_face_model, tmp_path_factory):
    """A blob that follows the face points, so that there is something to learn."""
    rng = np.random.default_rng(0)
    controls = rng.uniform(ctl.LOW / 2, ctl.HIGH / 2, (NUM_FRAMES, 62))
    ys, xs = np.mgrid[:SIZE, :SIZE] / SIZE * 2.0 - 1.0
    frames = []
    for x, y in tiny_face_model.points(controls).mean(1):
        blob = np.exp(-(np.square(xs - x) + np.square(ys - y)) * 4.0) * 255.0
        frames.append(np.stack([blob, 255.0 - blob, xs * 100 + 120, blob], -1))
    return write_take(
        tmp_path_factory.mktemp("takes") / "blob",
        np.uint8(frames),
        controls,
        25.0,
        "blob",
        tiny_face_model,
        info={"consent": Consent("Tess", "to test", note="t@b.c").to_dict()},
    )


def fit(take, run, **kwargs):
    settings = {"preset": "tiny", "steps": 4, "verbose": 0}
    return train.train(take, run, **(settings | kwargs))


def fit_in_two_epochs(take, run):
    """Two of each stage, and enough to learn something."""
    with pytest.MonkeyPatch.context() as patch:
        paces = dict.fromkeys(stages.STEPS_PER_EPOCH, 20)
        patch.setattr(stages, "STEPS_PER_EPOCH", paces)
        return fit(take, run, steps=40)


@pytest.fixture(scope="module")
def learned_run(tiny_take, tmp_path_factory):
    return fit_in_two_epochs(tiny_take, tmp_path_factory.mktemp("runs") / "whole")


@pytest.mark.slow
def test_resumed_run_repeats_the_uninterrupted(
    tiny_take, learned_run, tmp_path, monkeypatch, full_disk
):
    """After a full disk; then stopped at checkpoints: inside stages, and at ends."""
    save, stops = callbacks.Checkpoint.on_epoch_end, []

    def stop(self, epoch, logs=None):
        save(self, epoch, logs)
        if "eyes" in self.path.stem:  # As the mouth.
            return
        stops.append((self.path.stem, epoch))
        raise KeyboardInterrupt

    def fill_disk(self, epoch, logs=None):
        with full_disk(50_000):
            save(self, epoch, logs)

    names = "mouth", "mouth_adversarial", "whole"
    expected = [(name, epoch) for name in names for epoch in (0, 1)]
    for method, error in ((fill_disk, OSError), *[(stop, KeyboardInterrupt)] * 6):
        with monkeypatch.context() as patch, pytest.raises(error):
            patch.setattr(callbacks.Checkpoint, "on_epoch_end", method)
            fit_in_two_epochs(tiny_take, tmp_path / "stopped")
        assert not list((tmp_path / "stopped").rglob("part-*"))
    with pytest.raises(ValueError, match="has not ended"):
        load_generator(tmp_path / "stopped")
    resumed = load_generator(fit_in_two_epochs(tiny_take, tmp_path / "stopped"))
    uninterrupted = load_generator(learned_run)
    for one, two in zip(
        uninterrupted.get_weights(), resumed.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(one, two)
    assert stops == expected


@pytest.mark.slow
def test_learns_the_blob(tiny_take, learned_run):
    lines = (learned_run / "log.jsonl").read_text().splitlines()
    log = [json.loads(line) for line in lines]
    for stage in ("mouth", "whole"):
        before, after = [row["heldout_psnr"] for row in log if row["stage"] == stage]
        assert after > before + 1.0
    assert {row["stage"] for row in log} == {s["name"] for s in presets.STAGES}
    _, controls = Take(tiny_take).arrays("train")
    low, usual, high = json.loads((learned_run / "config.json").read_text())["ranges"][
        "jawOpen"
    ]
    values = controls[:, ctl.INDEX["jawOpen"]]
    assert values.min() <= low < usual < high <= values.max()


@pytest.mark.slow
def test_what_is_trained_is_left_alone(tiny_take, learned_run, capsys):
    before = (learned_run / "config.json").read_text()
    fit(tiny_take, learned_run, steps=None, minutes=60.0)
    assert "trained already" in capsys.readouterr().out
    assert (learned_run / "config.json").read_text() == before


@pytest.mark.slow
def test_the_mean_picture_is_learned_without_a_discriminator(learned_run):
    """Its gradients have a grid, which a picture would learn."""
    folder = learned_run / "checkpoints"

    def weights(stage):
        decoder = keras.models.load_model(folder / f"{stage}-result.keras")
        return {layer.name: layer.get_weights() for layer in decoder.layers}

    before, after = weights("mouth"), weights("mouth_adversarial")
    picture = before.pop("mean_picture"), after.pop("mean_picture")
    np.testing.assert_array_equal(*picture)
    assert any(
        not np.array_equal(one, two)
        for name in before
        for one, two in zip(before[name], after[name], strict=True)
    )


@pytest.mark.slow
def test_crops_are_trained_apart(tiny_take, tmp_path, monkeypatch):
    found_done = {}

    def spy(run, studio, stage, *arguments):
        found_done[stage["name"]] = run.result(stage["name"]).exists()
        stages.train_stage(run, studio, stage, *arguments)

    monkeypatch.setattr(train, "train_stage", spy)
    run = fit(tiny_take, tmp_path / "run", steps=None, minutes=0.05)
    log = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    assert {row["stage"] for row in log} == found_done.keys()
    assert [name for name, is_done in found_done.items() if not is_done] == ["whole"]
    assert load_generator(run).output_shape == (None, SIZE, SIZE, 4)


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_whatever_ends_the_training_ends_the_crops(end, tiny_take, tmp_path):
    command = f"train {tiny_take} --to {tmp_path / 'run'} --preset tiny --minutes 9"
    process = subprocess.Popen(
        [sys.executable, "-m", "keras_anchor.cli", *command.split()],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    waiting = set(CROPS)
    for line in process.stdout:
        waiting -= {name for name in waiting if f"{name}: 0%" in line}
        if not waiting:
            break
    process.send_signal(end)
    rest, _ = process.communicate(timeout=30)  # Ends when no child holds the pipe.
    assert process.returncode == (130 if end == signal.SIGINT else -end)
    assert "Traceback" not in rest


def test_a_run_knows_who_agreed_and_no_more(tiny_take, tmp_path, monkeypatch):
    monkeypatch.setattr(train, "train_stage", lambda *arguments: None)
    config = json.loads((fit(tiny_take, tmp_path / "run") / "config.json").read_text())
    assert config["consent"].keys() == {"who", "purpose", "date"}


def test_run_of_another_preset_is_refused(tmp_path):
    runs.Run(tmp_path / "run", CONFIG)
    with pytest.raises(ValueError, match="preset 'tiny', not 'lite'"):
        runs.Run(tmp_path / "run", CONFIG | {"preset": "lite"})


@pytest.mark.parametrize("num_bytes", [10, 1000], ids=["config", "controls"])
def test_a_run_without_room_can_be_started_again(num_bytes, tmp_path, full_disk):
    folder = tmp_path / "run"
    with pytest.raises(OSError, match="File too large"), full_disk(num_bytes):
        runs.Run(folder, CONFIG)
    run = runs.Run(folder, CONFIG)
    assert run.config == CONFIG
    assert ctl.load_names(folder) == list(ctl.NAMES)


def test_a_full_disk_leaves_no_half_result(tmp_path, full_disk):
    run = runs.Run(tmp_path / "run", CONFIG)
    network = keras.Sequential([keras.Input((64,)), keras.layers.Dense(64)])
    before = set(run.folder.rglob("*"))
    for save in (run.save_generator, lambda n: run.save_result("mouth", n)):
        with pytest.raises(OSError, match="File too large"), full_disk(4000):
            save(network)
        assert set(run.folder.rglob("*")) == before


def test_foreign_folder_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(ValueError, match="no `config.json`"):
        runs.Run(tmp_path, {})


def test_damaged_generator_is_refused(tmp_path):
    (tmp_path / "generator.keras").write_bytes(b"PK")
    with pytest.raises(ValueError, match="generator.keras is damaged.*train it again"):
        load_generator(tmp_path)


def test_unknown_preset_is_refused(tiny_take, tmp_path):
    with pytest.raises(ValueError, match="Known presets: .'lite', 'standard', 'tiny'"):
        train.train(tiny_take, tmp_path / "run", preset="huge")


def test_unknown_parts_are_refused(tiny_take, tmp_path):
    with pytest.raises(ValueError, match=r"\['hair'\].*Known parts.*'warp'"):
        fit(tiny_take, tmp_path / "run", without=["hair", "warp"])
    assert not (tmp_path / "run").exists()


@pytest.mark.slow
def test_without_crops_the_whole_makes_everything(tiny_take, tmp_path):
    run = fit(tiny_take, tmp_path / "run", without=["crops"])
    names = [layer.name for layer in load_generator(run).layers]
    assert not any(name.endswith("_decoder") for name in names)
    logged = (run / "log.jsonl").read_text().splitlines()
    assert {json.loads(line)["stage"] for line in logged} == {"whole"}


@pytest.mark.slow
def test_without_warp_the_still_stays(tiny_take, tmp_path):
    """Untrained networks add next to nothing, so that what moves is the still."""

    def motion(**kwargs):
        run = fit(tiny_take, tmp_path / str(kwargs), steps=1, **kwargs)
        controls = np.zeros((2, 62), "float32")
        controls[1, ctl.INDEX["headX"]] = 0.1
        noise = np.zeros((2, presets.get("tiny")["noise"]), "float32")
        frames = load_generator(run).predict([controls, noise], verbose=0)
        return np.abs(frames[1] - frames[0]).mean()

    assert motion(without=["warp", "crops"]) < 0.2 * motion(without=["crops"])


@pytest.mark.slow
def test_it_ends_before_footage_is_learned_by_heart(tiny_take, tmp_path, monkeypatch):
    monkeypatch.setitem(presets.PASSES, "whole", 2)
    run = fit(
        tiny_take,
        tmp_path / "run",
        steps=None,
        minutes=60.0,
        strategy=train.choose_strategy(),
        without=["crops"],
    )
    (line,) = (run / "log.jsonl").read_text().splitlines()
    num_frames = len(Take(tiny_take).arrays("train")[0])
    assert json.loads(line)["step"] == -(
        -2 * num_frames // presets.get("tiny")["batch"]
    )
