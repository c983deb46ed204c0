"""The pages of a PDF or PPTX as pictures, and the notes that speakers keep in PPTX."""

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

CONVERSION_SECONDS = 300
# LibreOffice's command, and where its installers put it on macOS and Windows.
OFFICES = (
    "soffice",
    "libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)


@dataclass(frozen=True)
class SpeakerNotes:
    """What a PPTX holds for one slide besides its picture; either may be empty."""

    title: str
    text: str


class Slides:
    """Pages that are drawn when they are asked for. Close it, or use `with`.

    Args:
        path: `.pdf` or `.pptx`; a PPTX needs LibreOffice.

    Raises:
        ValueError: If there is no such file, it is of another kind, locked, damaged or
            empty, or LibreOffice is missing or fails.
        ModuleNotFoundError: If `pypdfium2` is not installed.
    """

    def __init__(self, path):
        self.path = path = check_path(path)
        pdfium = import_pdfium()
        with as_pdf(path) as pdf_path:
            data = pdf_path.read_bytes()
        try:
            self.document = pdfium.PdfDocument(data)
            self.num_slides = len(self.document)
        except pdfium.PdfiumError as error:
            reason = str(error).rstrip(".")
            raise ValueError(
                f"{path} is no PDF that can be read ({reason}). If it is locked, save "
                "it without a password; if it is damaged, export it again."
            ) from None
        if not self.num_slides:
            raise ValueError(f"{path} has no pages. Export the slides again.")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.document.close()

    def draw(self, number, width, height):
        """Slide `number`, counted from 1, uint8 `(height, width, 3)`.

        Where its shape is another, the rest is the colour of its own edge.
        """
        try:
            page = self.document[number - 1]
            page_width, page_height = page.get_size()
            scale = min(width / page_width, height / page_height)
            drawn = page.render(scale=scale, rev_byteorder=True)
        except (import_pdfium().PdfiumError, ZeroDivisionError) as error:
            raise ValueError(
                f"Page {number} of {self.path} cannot be drawn ({error}). Export the "
                "slides again."
            ) from None
        picture = drawn.to_numpy()[..., :3].copy()
        page.close()
        return letterbox(picture, width, height)


def check_path(path):
    path = Path(path)
    if path.suffix.lower() not in (".pdf", ".pptx"):
        raise ValueError(
            f"Expected slides as .pdf or .pptx, received {str(path)!r}. Export them as "
            "PDF with the program that made them."
        )
    if not path.is_file():
        raise ValueError(f"There is no file {path}.")
    return path


def import_pdfium():
    """pypdfium2, which bundles PDFium.

    Raises:
        ModuleNotFoundError: If it is not installed.
    """
    try:
        import pypdfium2
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "Slides need pypdfium2, which draws PDF pages. Install it: "
            'pip install "keras-anchor[lesson]"'
        ) from None
    return pypdfium2


def letterbox(picture, width, height):
    """Fits a picture into a frame, in the middle, on the colour of its edge."""
    scale = min(width / picture.shape[1], height / picture.shape[0])
    size = [
        min(limit, round(scale * length))
        for limit, length in ((width, picture.shape[1]), (height, picture.shape[0]))
    ]
    if tuple(size) != picture.shape[1::-1]:
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        picture = cv2.resize(picture, size, interpolation=method)
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    frame = np.empty((height, width, 3), "uint8")
    frame[:] = np.median(edge, axis=0)
    left, top = (width - size[0]) // 2, (height - size[1]) // 2
    frame[top : top + size[1], left : left + size[0]] = picture
    return frame


@contextmanager
def as_pdf(path):
    """The path of a PDF that looks like the slides."""
    if path.suffix.lower() == ".pdf":
        yield path
        return
    office = find_office()
    # LibreOffice may write there still when it took too long.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        profile = Path(folder, "profile").as_uri()
        command = [office, f"-env:UserInstallation={profile}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(path.absolute())]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=CONVERSION_SECONDS
            )
            said = (done.stderr or done.stdout).decode("utf-8", "replace").split("\n")
            # It warns of a Java that it does not need here.
            lines = [line for line in said if not line.startswith("Warning:")]
            complaint = " ".join(" ".join(lines).split())
        except subprocess.TimeoutExpired:
            complaint = f"no result after {CONVERSION_SECONDS} seconds"
        converted = Path(folder, path.stem + ".pdf")
        if not converted.is_file():
            raise ValueError(
                f"LibreOffice could not convert {path} ({complaint[-200:]}). Open it "
                "there, and export it as PDF."
            )
        yield converted


def find_office():
    """LibreOffice's command.

    Raises:
        ValueError: If it is not installed.
    """
    for name in OFFICES:
        if found := shutil.which(name):
            return found
    raise ValueError(
        "PPTX slides need LibreOffice (`soffice`) to be drawn. Install it (Debian and "
        "Ubuntu: apt install libreoffice-impress), or export the slides as PDF."
    )


def read_speaker_notes(path):
    """`SpeakerNotes` of each slide of a PPTX that is not hidden.

    Raises:
        ValueError: If it cannot be read.
        ModuleNotFoundError: If `python-pptx` is not installed.
    """
    try:
        from pptx import Presentation
        from pptx.exc import PackageNotFoundError
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "The speaker notes of a PPTX need python-pptx. Install it: "
            'pip install "keras-anchor[lesson]"'
        ) from None
    try:
        presentation = Presentation(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise ValueError(
            f"{path} is no PPTX that can be read ({error}). Save it again as .pptx."
        ) from None
    notes = []
    for slide in presentation.slides:
        if slide._element.get("show") == "0":
            continue
        shape = slide.shapes.title
        title = " ".join(shape.text_frame.text.split()) if shape is not None else ""
        frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
        text = frame.text.replace("\v", "\n").strip() if frame is not None else ""
        notes.append(SpeakerNotes(title, text))
    return notes
