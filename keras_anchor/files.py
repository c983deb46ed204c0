"""Files that are whole, or not there at all."""

import json
import os
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def writing(path):
    """Yields a temporary path; the file that is written there becomes `path`.

    Where that fails, for a full disk or Ctrl-C, it is removed, and what lay at `path`
    stays.
    """
    path = Path(path)
    part = path.with_name("part-" + path.name)
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def write_json(path, value):
    """Writes a whole JSON file."""
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    with writing(path) as part:
        part.write_text(text, encoding="utf-8")


def read_json(path):
    """What a JSON file holds.

    Raises:
        ValueError: If it is no JSON.
    """
    path = Path(path)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:  # JSON's and Unicode's.
        raise ValueError(
            f"{path} is damaged ({error}). Copy {path.parent} again from where it "
            "came, or make it again."
        ) from None
