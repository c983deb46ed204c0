"""What is sent for an address: a file, or bytes made when they are first asked for."""

import gzip
import hashlib
import io
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

PACKED = ".gz"
COMPRESSED = {
    ".bin",
    ".css",
    ".data",
    ".html",
    ".js",
    ".json",
    ".md",
    ".mjs",
    ".svg",
    ".tflite",
    ".txt",
    ".wasm",
    ".webmanifest",
}
# Of the file's size: a browser takes longer to unpack than what less would save.
WORTHWHILE = 0.95


@dataclass
class Body:
    """`size` bytes in `file`; `tag` names them, and no others, for caches."""

    file: BinaryIO
    size: int
    tag: str
    is_packed: bool = False


class Bytes:
    """Bytes that are no file.

    Args:
        made: The bytes, or a function that makes them.
        is_packable: Whether gzip may make them smaller.
    """

    def __init__(self, made, is_packable=True):
        self.made, self.is_packable = made, is_packable

    @cached_property
    def data(self):
        return self.made() if callable(self.made) else self.made

    @cached_property
    def tag(self):
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def packed(self):
        return pack(self.data)

    def prepare(self):
        """What would make the first who asks wait."""
        return self.packed if self.is_packable else self.data

    def open(self, is_packed=False):
        """The `Body` to send, gzipped only if `is_packed` says so."""
        if is_packed and self.is_packable and self.packed:
            return hold(self.packed, self.tag, is_packed=True)
        return hold(self.data, self.tag)


class File:
    """A file; beside it, or in its place, may lie what gzip made of it.

    Args:
        path: Where it lies.
        title: What sentences call it.
        remedy: A sentence that says what to do if it is missing or changed.
        expected: Its sha256, if it may not change.
    """

    def __init__(self, path, title, remedy, expected=None):
        self.path, self.packed_path = Path(path), Path(f"{path}{PACKED}")
        self.title, self.remedy, self.expected = title, remedy, expected
        self.is_packable = self.path.suffix in COMPRESSED
        # Of files that were read: `{path: (size, time of change, sha256)}`.
        self.seen = {}
        self.kept = None

    def prepare(self):
        """Compresses the file and keeps the result, unless it lies there already."""
        if self.is_packable and not self.packed_path.exists():
            body = self.open()
            with body.file:
                self.kept = body.tag, pack(body.file.read())

    def open(self, is_packed=False):
        """The `Body` to send, gzipped only if `is_packed` says so.

        Raises:
            FileNotFoundError: If the file is gone.
            ValueError: If it changed and may not.
        """
        is_packed = is_packed and self.is_packable
        if self.packed_path.exists() and (is_packed or not self.path.exists()):
            body = self.read(self.packed_path)
            if is_packed:
                return Body(body.file, body.size, body.tag, is_packed=True)
            with body.file:
                return hold(gzip.decompress(body.file.read()), body.tag)
        body = self.read(self.path)
        if self.expected not in (None, body.tag):
            body.file.close()
            raise ValueError(
                f"{self.title} changed while it was served: its sha256 is not the one "
                f"that was expected. {self.remedy}"
            )
        if is_packed and self.kept and self.kept[0] == body.tag and self.kept[1]:
            body.file.close()
            return hold(self.kept[1], body.tag, is_packed=True)
        return body

    def read(self, path):
        """The `Body` of a whole file, hashed again only if it changed."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            raise FileNotFoundError(
                f"{self.title} is gone from {path.parent}. {self.remedy}"
            ) from None
        status = os.fstat(file.fileno())
        state = status.st_size, status.st_mtime_ns
        if self.seen.get(path, ())[:2] != state:
            self.seen[path] = *state, hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
        return Body(file, status.st_size, self.seen[path][2])


def hold(data, tag, is_packed=False):
    return Body(io.BytesIO(data), len(data), tag, is_packed)


def pack(data):
    """What gzip makes of bytes, or None if that saves too little."""
    packed = gzip.compress(data, compresslevel=6, mtime=0)
    return packed if len(packed) < WORTHWHILE * len(data) else None
