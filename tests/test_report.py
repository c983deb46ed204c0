from pathlib import Path

import pytest

from keras_anchor.export.charts import read_log
from keras_anchor.export.report import write_report


def test_report_needs_no_other_file(tiny_anchor):
    page = (tiny_anchor / "report.html").read_text()
    assert "Synthetic" in page and page.count("data:image/") == 2
    assert "TFLite, float16" in page and "pixel_l1: 0.333 to 1" in page
    assert not any(mark in page for mark in ("http:", "https:", "<script", "<link"))


def test_report_shows_metrics_that_are_there(tiny_anchor, tiny_run, info, tmp_path):
    scores = {"psnr": 31.25, "perceptual": 0.125, "sharpness": 0.875}
    metrics = {
        "boxes": {"mouth": scores},
        "nearest_frame": {"mouth": scores | {"psnr": 21.75}},
        "obedience": {"jawOpen": 0.985},
        "heldout_obedience_of_truth": {"jawOpen": 0.991},
        "steadiness": {"still_jitter": 0.0425},
        "identity": {"network": "a network", "generated": 0.123, "truth": None},
        "points_error_pixels": 1.125,
        "tracked": {
            "mean": 0.7134,
            "together": 0.9216,
            "groups": {"lips": 0.8311},
            "controls": {},
        },
    }
    page_path = tmp_path / "report.html"
    facts = info | {"metrics": metrics, "name": "<Ada>"}
    write_report(page_path, facts, tiny_anchor / "poster.png", tmp_path)
    page = page_path.read_text()
    for text in (
        "31.2",
        "21.8",
        "nearest training frame",
        "0.985",
        "0.991",
        "still jitter",
        "this network, a network.",
        "both are 1.12 pixels apart",
        "<th>generated frames</th><td>0.123</td>",
        "<th>true frames</th><td>–</td>",
        "<th>mean of all controls</th><td>0.713</td>",
        "<th>all controls as one signal</th><td>0.922</td>",
        "<th>lips</th><td>0.831</td>",
    ):
        assert text in page
    assert "&lt;Ada&gt;" in page and "<Ada>" not in page
    for absent in (
        "<h2>Formats",
        "<h2>Samples",
        "<h2>Side",
        "<h2>Training",
        "mean training frame",
    ):
        assert absent not in page


def test_reads_the_log_by_name_and_stage(tiny_run, tmp_path):
    curves = read_log(tiny_run / "log.jsonl")
    assert curves == {
        "pixel_l1": {
            stage: [(10, 1.0), (20, 0.5), (30, pytest.approx(1 / 3))]
            for stage in ("mouth", "whole")
        }
    }
    assert read_log(Path(tmp_path, "absent.jsonl")) == {}
