"""Libraries are silent, errors are not."""

import os

import pytest

from keras_anchor.data.faces import FaceTracker
from keras_anchor.quiet import quiet


def test_only_what_is_printed_inside_is_dropped(capfd):
    with quiet():
        os.write(2, b"inside\n")
    os.write(2, b"outside\n")
    assert capfd.readouterr().err == "outside\n"


def test_an_error_passes_and_ends_the_silence(capfd):
    with pytest.raises(ValueError, match="wrong"), quiet():
        raise ValueError("wrong")
    os.write(2, b"outside\n")
    assert capfd.readouterr().err == "outside\n"


def test_a_face_tracker_is_made_in_silence(capfd):
    FaceTracker()
    assert capfd.readouterr().err == ""
