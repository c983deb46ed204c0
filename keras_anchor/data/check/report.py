"""Whether a clip is fit to make an anchor of, before anyone trains."""

import textwrap
from dataclasses import dataclass
from pathlib import Path

from keras_anchor.data.check.contact_sheet import draw_contact_sheet
from keras_anchor.data.check.coverage import Coverage, measure_coverage
from keras_anchor.data.check.findings import OK, STOP, WARNING, Finding
from keras_anchor.data.check.judge_face import judge_faces
from keras_anchor.data.check.judge_file import judge_file
from keras_anchor.data.check.judge_picture import judge_pictures
from keras_anchor.data.check.sound_quality import judge_sound
from keras_anchor.data.check.walk import Walk, walk
from keras_anchor.files import write_json, writing
from keras_anchor.frames import write_picture

LINE = 92
MARKS = {STOP: "STOP", WARNING: "warning", OK: "ok"}


@dataclass
class FootageReport:
    """What is right and wrong with a clip.

    Args:
        walk: What was seen and heard.
        findings: `Finding` objects, the gravest first.
        coverage: `Coverage` objects: how much of what a face can do was seen.
    """

    walk: Walk
    findings: list[Finding]
    coverage: list[Coverage]

    @property
    def is_usable(self):
        return not any(finding.severity == STOP for finding in self.findings)

    def select(self, severity):
        """The findings of one severity."""
        return [finding for finding in self.findings if finding.severity == severity]

    def to_dict(self):
        """What `check.json` holds."""
        return {
            "video": self.walk.path.name,
            "seconds": round(self.walk.seconds, 3),
            "fps": self.walk.fps,
            "picture": [self.walk.width, self.walk.height],
            "num_samples": len(self.walk.samples),
            "is_usable": self.is_usable,
            "findings": [finding.to_dict() for finding in self.findings],
            "coverage": {
                item.name: {
                    "score": round(item.score, 3),
                    "missing": item.missing,
                    "advice": "" if item.is_covered else item.advice,
                }
                for item in self.coverage
            },
        }


def check_footage(video_path, progress=None, span=(0.0, None)):
    """Looks at a clip once and says what is right and wrong with it.

    Args:
        progress: Called with `check`, frames done and frames in all.
        span: Seconds at which to start, and how many to look at; None for all.

    Returns:
        `FootageReport`.

    Raises:
        ValueError: If the file is missing, empty, unreadable or without a picture.
    """
    seen = walk(video_path, progress, span)
    times = seen.times[seen.has_face]
    coverage = measure_coverage(seen.faces, times)
    findings = [*judge_faces(seen), *judge_pictures(seen), *judge_file(seen)]
    findings += judge_sound(seen.sound)
    if seen.faces:
        findings.append(judge_variety(coverage))
    order = list(MARKS)
    findings.sort(key=lambda finding: order.index(finding.severity))
    return FootageReport(walk=seen, findings=findings, coverage=coverage)


def judge_variety(coverage):
    poor = [item.name for item in coverage if not item.is_covered]
    if not poor:
        return Finding("variety", OK, "The face shows most of what faces do.")
    sentence = (
        f"There is too little variety in {', '.join(poor)}: what a clip does not show, "
        "an anchor can't do. The table of coverage says what to add."
    )
    return Finding("variety", WARNING, sentence)


def refuse_unusable(report):
    """Raises `ValueError` with all that makes a clip useless, if anything does."""
    stops = report.select(STOP)
    if stops:
        sentences = " ".join(finding.sentence for finding in stops)
        raise ValueError(f"{report.walk.path} cannot be used. {sentences}")


def describe(report):
    """The report as lines of text: findings, then the table of coverage."""
    seen = report.walk
    yield (
        f"{seen.path}: {seen.seconds:.1f} s, {seen.width} x {seen.height} pixels, "
        f"{seen.fps:.4g} frames a second"
    )
    for finding in report.select(STOP) + report.select(WARNING):
        yield paragraph(f"{MARKS[finding.severity]}: ", finding.sentence)
    yield paragraph("ok: ", " ".join(fine.sentence for fine in report.select(OK)))
    yield ""
    yield "coverage    seen  what to add"
    for item in report.coverage:
        start = f"{item.name:<12}{round(100 * item.score):3d} %  "
        indent = " " * len(start)
        yield textwrap.fill(start + suggest(item), LINE, subsequent_indent=indent)


def paragraph(mark, text):
    """Text in lines of a terminal, the later ones indented."""
    return textwrap.fill(mark + text, LINE, subsequent_indent="  ")


def suggest(item):
    """What to do for what is missing, in a line."""
    if not item.missing:
        return "nothing"
    if item.is_covered:
        return f"perhaps {'; '.join(item.missing)}"
    return f"{item.advice[0].upper()}{item.advice[1:]}."


def write_report(report, folder):
    """Writes `check.json` and `contact_sheet.png`, and returns the folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "check.json", report.to_dict())
    with writing(folder / "contact_sheet.png") as part:
        write_picture(part, draw_contact_sheet(report))
    return folder
