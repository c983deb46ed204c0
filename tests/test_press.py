import numpy as np
import pytest
from acting import FPS, act, column

from keras_anchor.controls import INDEX, NAMES
from keras_anchor.drive.retarget import press
from keras_anchor.performance import Performance


def test_pressing_changes_nothing_that_fits():
    performance = act(0.5)
    ranges = {name: [-1.0, 0.0, 1.0] for name in NAMES}
    pressed = press(performance, ranges)
    np.testing.assert_array_equal(pressed.controls, performance.controls)


def test_pressing_keeps_order_and_ends_at_the_anchors_top():
    performance = act()
    ranges = {name: [-1.0, 0.0, 0.3] for name in NAMES}
    for name in ("jawOpen", "mouthSmileLeft", "eyeBlinkRight"):
        before, after = (
            column(performance, name),
            column(press(performance, ranges), name),
        )
        assert after.max() == pytest.approx(0.3, abs=0.01)
        assert (np.diff(after[np.argsort(before)]) >= 0).all()
        assert (after[before == 0] == 0).all()


def test_lips_shut_over_an_open_jaw_stay_shut_when_pressed():
    controls = np.zeros((50, 62), "float32")
    controls[:, INDEX["jawOpen"]] = np.linspace(0, 0.8, 50)
    controls[:, INDEX["mouthClose"]] = controls[:, INDEX["jawOpen"]]
    ranges = {name: [-1.0, 0.0, 0.3] for name in NAMES}
    pressed = press(Performance(controls, FPS), ranges)
    jaw, lips = column(pressed, "jawOpen"), column(pressed, "mouthClose")
    np.testing.assert_allclose(jaw, lips, atol=1e-6)
