import json

import numpy as np
import pytest

from keras_anchor.data.check.findings import Finding, describe_spans, find_spans, worst


def test_spans_are_stretches_of_time():
    seconds = np.arange(6) / 10.0
    mask = np.array([1, 1, 0, 0, 1, 0], bool)
    assert find_spans(seconds, mask) == [(0.0, 0.1), (0.4, 0.4)]
    assert find_spans(seconds, mask, 0.15) == [(0.0, 0.1)]
    assert find_spans(seconds, ~mask) == [(0.2, pytest.approx(0.3)), (0.5, 0.5)]


def test_places_read_well():
    assert describe_spans([]) == ""
    assert describe_spans([(1.0, 1.0)]) == " (at 1.0 s)"
    assert describe_spans([(1.0, 1.0), (3.0, 4.5)]) == " (at 1.0 and 3.0 to 4.5 s)"
    many = [(float(start), float(start)) for start in range(9)]
    assert describe_spans(many).endswith("s, and 5 more)")


def test_the_worst_pictures_lie_apart():
    values = np.arange(100.0)
    chosen = worst(values, values > 50)
    assert chosen == [99, 94, 89, 84]
    assert worst(values, values < 0) == []


def test_a_finding_is_plain_data():
    finding = Finding("face", "ok", "Fine.", spans=[(np.float64(1.234), 2)])
    assert json.loads(json.dumps(finding.to_dict()))["spans"] == [[1.23, 2.0]]
