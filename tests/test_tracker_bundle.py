import hashlib

import pytest

from keras_anchor import tracker_bundle
from keras_anchor.tracker_bundle import face_landmarker_task

PUBLISHED = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"


def test_the_bundle_is_what_google_publishes():
    assert hashlib.sha256(face_landmarker_task()).hexdigest() == PUBLISHED


def test_a_missing_part_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(tracker_bundle, "TRACKER_FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"lacks .*face_detector\.tflite.*again"):
        face_landmarker_task()
