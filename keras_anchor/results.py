"""What a command made or why it did not, in a line."""

import errno
import os
import re
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path

# As the operating system says it, and TensorFlow and HDF5 after it.
FULL = [os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)]


def num_bytes(path):
    """Size of a file, or of everything in a folder."""
    path = Path(path)
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def describe_path(path):
    """`out/anchor.mp4  1.2 MB`."""
    path, size = Path(path), num_bytes(path)
    name = f"{path}/" if path.is_dir() else str(path)
    return f"{name}  " + (
        f"{size / 1e6:.1f} MB" if size > 1e6 else f"{size / 1e3:.0f} kB"
    )


def describe_seconds(seconds):
    """`1 min 05 s`."""
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


def describe_error(error):
    """An error that a user can mend."""
    if isinstance(error, ModuleNotFoundError):
        from keras_anchor.doctor import missing_package

        return missing_package(error)
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, OSError) and error.strerror and error.filename:
        text = f"{error.strerror}: {error.filename}"
    # What only Python and TensorFlow know by that name.
    text = re.sub(r"^\[Errno -?\d+\] |\{\{\S+ \S+\}\} | \[Op:\w+\]( name:)?", "", text)
    if any(full in text for full in FULL):
        text += ". Nothing half-written was kept. Make room, and repeat the command."
    return text


@contextmanager
def plain_warnings():
    """Prints what the package warns of once, as a line, past any progress bar."""
    told = set()

    def show(message, category, *place):
        text = " ".join(str(message).split())
        if category is not UserWarning:
            show_raw(message, category, *place)
        elif text not in told:
            told.add(text)
            print_past_bars(f"keras-anchor: {text}")

    with warnings.catch_warnings():
        show_raw, warnings.showwarning = warnings.showwarning, show
        yield


def print_past_bars(text):
    """Prints a line to stderr; a bar that is drawn there goes on below."""
    if "tqdm" in sys.modules:
        sys.modules["tqdm"].tqdm.write(text, file=sys.stderr)
    else:
        print(text, file=sys.stderr)


class ProgressBars:
    """A bar for each stage of long work: called with stage, count done and total.

    Args:
        unit: What is counted.
    """

    def __init__(self, unit="frame"):
        self.unit, self.stage, self.bar = unit, None, None

    def __call__(self, stage, count, total):
        from tqdm import tqdm

        if stage != self.stage:
            self.close()
            self.stage = stage
            self.bar = tqdm(desc=stage, total=total, unit=self.unit, file=sys.stderr)
        self.bar.update(count - self.bar.n)
        if count == total:
            self.bar.close()  # What is printed next begins a line.

    def close(self):
        if self.bar is not None:
            self.bar.close()
