"""Folders that are whole, or not there at all."""

import tempfile
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def making(folder):
    """Yields where to make a folder, and room beside it; then it becomes `folder`.

    Where that fails, for a full disk or Ctrl-C, nothing is left, and what was there
    stays.
    """
    folder = Path(folder).absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="part-", dir=folder.parent) as scratch:
        made, old = Path(scratch) / "made", Path(scratch) / "old"
        yield made
        if folder.exists():
            folder.rename(old)
        try:
            made.rename(folder)
        except BaseException:
            if old.exists():
                old.rename(folder)
            raise
