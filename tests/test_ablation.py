import runpy
from pathlib import Path

import cv2
import numpy as np
import pytest

from keras_anchor import controls as ctl

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "ablation.py"
ROW = {"face psnr": 31.237, "points error": None}


@pytest.fixture(scope="module")
def ablation():
    return runpy.run_path(str(SCRIPT))


def test_a_table_has_a_line_for_each_variant(ablation):
    table = ablation["write_table"]({"one": ROW, "two": ROW | {"face psnr": 30.0}})
    assert table.splitlines() == [
        "| variant | face psnr | points error |",
        "| --- | ---: | ---: |",
        "| one | 31.24 | – |",
        "| two | 30.00 | – |",
    ]


def test_a_variant_keeps_its_settings(ablation, tmp_path):
    run_variant = ablation["run_variant"]
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "metrics.json").write_text("{}")
    run_variant("take", tmp_path / "one", {"minutes": 1.0})  # Done: nothing is trained.
    with pytest.raises(ValueError, match="begun with {'minutes': 1.0}, not .*2.0"):
        run_variant("take", tmp_path / "one", {"minutes": 2.0})


@pytest.mark.slow
def test_variants_are_trained_once_and_compared(
    ablation, tiny_face_model, tmp_path, rng
):
    from keras_anchor.data.takes import write_take

    take = write_take(
        tmp_path / "take",
        rng.integers(0, 256, (12, 64, 64, 4), "uint8"),
        rng.uniform(ctl.LOW / 2, ctl.HIGH / 2, (12, 62)),
        25.0,
        "noise",
        tiny_face_model,
    )
    few = ["adversarial", "crops"]  # Fewer stages.
    variants = {
        "default": (take, {"without": few}),
        "without warp": (take, {"without": [*few, "warp"]}),
    }
    settings = {"preset": "tiny", "steps": 2, "verbose": 0}

    def compare():
        return ablation["compare"](variants, tmp_path / "out", **settings)

    table = compare()
    rows = table.splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == ["| default", "| without warp"]
    paths = [tmp_path / "out" / name / "generator.keras" for name in variants]
    times = [path.stat().st_mtime_ns for path in paths]
    assert compare() == table == (tmp_path / "out" / "table.md").read_text()
    assert [path.stat().st_mtime_ns for path in paths] == times
    strips = cv2.imread(str(tmp_path / "out" / "strips.png"))
    assert np.ptp(strips[24:, :, :]) > 100  # Truth, and two strips below.
    assert len(strips) == 3 * (24 + 48)
