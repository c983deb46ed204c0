from pathlib import Path

import numpy as np
import pytest

from keras_anchor import controls as ctl
from keras_anchor.data.takes import write_take

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.slow
def test_an_anchor_is_trained_by_hand(rng, tiny_face_model, tmp_path, monkeypatch):
    from keras_anchor.anchors import load_anchor

    monkeypatch.syspath_prepend(EXAMPLES)
    frames = rng.integers(0, 255, (20, 64, 64, 4), "uint8")
    controls = ctl.clip(rng.uniform(size=(20, len(ctl.NAMES))))
    write_take(tmp_path / "take", frames, controls, 25, "tester", tiny_face_model)

    import train_anchor

    train_anchor.main(tmp_path / "take", tmp_path / "out", epochs=1)
    anchor = load_anchor(tmp_path / "out" / "anchor")
    assert (anchor.name, anchor.size, anchor.alpha) == ("tester", 64, True)
    assert np.isfinite(anchor.noise).all()
