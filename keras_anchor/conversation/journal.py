"""A file of what was asked and answered, for those who ask for one."""

import json
from datetime import UTC, datetime
from pathlib import Path


class Journal:
    """Appends a line of JSON for each answer; with `path` None it keeps nothing.

    Raises:
        ValueError: If the file cannot be written.
    """

    def __init__(self, path=None):
        self.path = None if path is None else Path(path)
        if self.path is not None:
            try:
                self.path.open("a").close()
            except OSError as error:
                raise ValueError(
                    f"The log {self.path} can't be written ({error.strerror}). Name a "
                    "file in a folder that is there and yours."
                ) from None

    def write(self, **facts):
        if self.path is None:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, **facts}, ensure_ascii=False)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
