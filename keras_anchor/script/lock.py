"""A folder that one process at a time works in."""

import os
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder):
    """Makes a folder and keeps it for this process, until the block or process ends.

    Raises:
        ValueError: If another process has it.
    """
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("ab") as file:
        try:
            lock_file(file)
        except OSError:
            raise ValueError(
                f"Another process renders into {folder} now. Wait until it is done, or "
                "name another output."
            ) from None
        yield


def lock_file(file):
    """Locks an open file; the system unlocks it when the process ends in any way."""
    if os.name == "nt":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
