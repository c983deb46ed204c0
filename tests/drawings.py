"""Pictures of a built-in presenter, drawn in a process of their own.

Mesa's software renderer and TensorFlow each bring an LLVM, and crash one another.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest


def draw_presenter(controls, size=256, name="adam"):
    """uint8 RGBA `(num_frames, size, size, 4)` of controls `(num_frames, 62)`."""
    pytest.importorskip("moderngl")
    with tempfile.TemporaryDirectory() as folder:
        rows, pictures = Path(folder, "rows.npy"), Path(folder, "pictures.npy")
        np.save(rows, controls)
        result = subprocess.run(
            [sys.executable, __file__, name, str(size), rows, pictures],
            capture_output=True,
            text=True,
            check=False,
        )
        if not pictures.exists():
            pytest.skip(f"no presenter can be drawn here: {result.stderr[-300:]}")
        return np.load(pictures)


if __name__ == "__main__":
    from keras_anchor.data.presenters.presenter import Presenter

    presenter = Presenter(sys.argv[1])
    rows = np.load(sys.argv[3])
    np.save(sys.argv[4], [presenter.render(row, size=int(sys.argv[2])) for row in rows])
