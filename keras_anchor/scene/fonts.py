"""Text as pictures, in fonts that OpenCV carries or the user names.

OpenCV 5 brings Rubik for Latin, Greek and Cyrillic letters and WenQuanYi Micro Hei
for Chinese, Japanese and Korean ones, so text looks the same on every machine. What a
named font lacks comes from them, and what they lack from the system's fonts.
"""

import os
import sys
import unicodedata
from functools import cache
from pathlib import Path

import cv2
import numpy as np

REGULAR, MEDIUM, SEMIBOLD = 400, 500, 600
BUILT_IN, FIRST_WIDE = "sans", "\u2e80"
# The first bytes of TrueType and OpenType files and collections. OpenCV crashes on
# files that are no fonts.
MAGIC = b"\x00\x01\x00\x00", b"OTTO", b"ttcf", b"true"
SUFFIXES = ".ttf", ".otf", ".ttc"
# Fonts with many characters, by how their files' names begin, the best first.
RICH_FONTS = (
    "notosanscjk",
    "notosanssc",
    "sourcehansans",
    "pingfang",
    "hiragino",
    "msyh",
    "simsun",
    "notosans",
    "dejavusans",
    "arialuni",
    "segoeui",
)
FOLDERS = {
    "linux": ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("$WINDIR/Fonts", "$LOCALAPPDATA/Microsoft/Windows/Fonts"),
}
# Letters that take other shapes beside each other, which OpenCV does not know.
JOINED_SCRIPTS = {
    *("ARABIC", "SYRIAC", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA"),
    *("TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "THAI", "LAO", "TIBETAN"),
    *("MYANMAR", "KHMER", "MONGOLIAN"),
}
NO_BREAK = " \t\n\u3000"


class Font:
    """Draws text.

    Args:
        path: Of a `.ttf`, `.otf` or `.ttc` file; None for the built-in fonts.

    Raises:
        ValueError: If the file is no font.
    """

    def __init__(self, path=None):
        self.path = path
        self.face = load_face(str(path)) if path else cv2.FontFace(BUILT_IN)

    def width(self, text, size, weight=REGULAR):
        """Width of a line in pixels."""
        face = self.face_for(text)
        left, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), face, size, weight)
        return max(1, left + width)

    def draw(self, text, size, weight=REGULAR):
        """Opacity of a line, uint8 `(2 * size, width)`.

        Args:
            size: Of the font in whole pixels; the baseline lies 1.4 times as low.

        Raises:
            ValueError: If a character cannot be drawn.
        """
        face = self.face_for(text)
        opacity = np.zeros((2 * size, self.width(text, size, weight)), "uint8")
        origin = 0, round(1.4 * size)
        cv2.putText(opacity, text, origin, 255, face, size, weight)
        if weight > MEDIUM and not self.path and any(c >= FIRST_WIDE for c in text):
            # The built-in font for them has one weight.
            shift = max(1, round(size / 36))
            opacity[:, shift:] = np.maximum(opacity[:, shift:], opacity[:, :-shift])
        return opacity

    def check(self, text):
        """Raises `ValueError` if a character of a text cannot be drawn."""
        self.face_for(text)

    def face_for(self, text):
        """The face that draws all of a text.

        Raises:
            ValueError: If none does.
        """
        check_script(text)
        missing = find_missing(self.face, text)
        if not missing:
            return self.face
        found = find_face(frozenset(text) - set(NO_BREAK))
        if found is not None:
            return found
        shown = ", ".join(f"{c!r} (U+{ord(c):04X})" for c in missing[:5])
        raise ValueError(
            f"No font has a picture for {shown} of {text[:60]!r}. Leave it out, or "
            "name a font that has it with `--font`; for rare Chinese characters "
            "install Noto Sans CJK (Debian and Ubuntu: apt install fonts-noto-cjk)."
        )


@cache
def load_face(path):
    if not os.path.isfile(path):
        raise ValueError(
            f"There is no font {path}. Expected a .ttf, .otf or .ttc file."
        )
    with open(path, "rb") as file:
        magic = file.read(4)
    face = cv2.FontFace()
    if magic not in MAGIC or not face.set(path):
        raise ValueError(
            f"{path} is no font that can be read. Expected a .ttf, .otf or .ttc file."
        )
    return face


def check_script(text):
    """Raises `ValueError` for letters that must be joined."""
    for character in text:
        script = unicodedata.name(character, "").partition(" ")[0]
        if script in JOINED_SCRIPTS:
            raise ValueError(
                f"{script.title()} letters ({character!r}) cannot be drawn: they "
                "change their shapes beside each other. Leave titles and captions in "
                "this script out of the picture; SRT and WebVTT files hold them."
            )


def find_missing(face, text):
    """Characters that a face has no picture for, in their order."""
    return [c for c in dict.fromkeys(text) if c not in NO_BREAK and not covers(face, c)]


def covers(face, character):
    """Whether a face draws a character; OpenCV draws `?` for what it lacks."""
    if character == "?" or unicodedata.category(character) in ("Mn", "Cf"):
        return True
    drawn = []
    for text in (character, "?"):
        picture = np.zeros((40, 40), "uint8")
        cv2.putText(picture, text, (8, 30), 255, face, 24)
        drawn.append(picture)
    return not np.array_equal(*drawn)


@cache
def find_face(characters):
    """A face of the system's fonts that draws all characters, or None."""
    for path in list_fonts():
        try:
            face = load_face(path)
        except (OSError, ValueError):
            continue
        if not find_missing(face, characters):
            return face
    return None


@cache
def list_fonts():
    """Paths of the system's rich fonts, the best first."""
    found = []
    for folder in FOLDERS.get(sys.platform, FOLDERS["linux"]):
        for path in Path(os.path.expandvars(folder)).expanduser().rglob("*"):
            name = path.name.lower().replace("-", "").replace("_", "")
            rank = [i for i, start in enumerate(RICH_FONTS) if name.startswith(start)]
            if path.suffix.lower() in SUFFIXES and rank:
                found.append((rank[0], "bold" in name, len(name), str(path)))
    return [path for *_, path in sorted(found)]
