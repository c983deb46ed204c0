"""The command `keras-anchor`: parse, call one function, print where the result went.

Everything heavy is imported inside the commands, so that `--help` is instant and a
command asks only for the packages it uses.
"""

import json
import os
import sys
from contextlib import closing
from pathlib import Path

from keras_anchor import presets
from keras_anchor.arguments import build_parser
from keras_anchor.results import (
    ProgressBars,
    describe_error,
    describe_path,
    plain_warnings,
)

BAD_INPUT = 2
STOPPED = 130
# TensorFlow reads these when it is imported: oneDNN, which it leaves off on some
# processors, trains 1.7 times faster; level 1 hides what nobody can act upon.
TENSORFLOW_SETTINGS = {"TF_ENABLE_ONEDNN_OPTS": "1", "TF_CPP_MIN_LOG_LEVEL": "1"}


def doctor(options):
    from keras_anchor.doctor import diagnose

    if not diagnose():
        sys.exit(BAD_INPUT)


def presenter(options):
    from keras_anchor.data.studio import film

    return film(
        options.name,
        options.to,
        num_frames=options.frames,
        size=options.size,
        seed=options.seed,
    )


def record(options):
    from keras_anchor.record import record

    return record(
        options.to,
        camera=options.camera,
        seconds=options.seconds,
        language=options.language,
        has_window=not options.no_window,
    )


def check(options):
    from keras_anchor.data.check import check_footage, describe, write_report

    with closing(ProgressBars()) as progress:
        report = check_footage(options.video, progress)
    print("\n".join(describe(report)))
    if options.to:
        print(describe_path(write_report(report, options.to)))
    if not report.is_usable:
        sys.exit(BAD_INPUT)


def capture(options):
    from keras_anchor.data.check import check_footage, describe, refuse_unusable
    from keras_anchor.data.footage import capture
    from keras_anchor.data.probe import probe
    from keras_anchor.data.takes import check_free

    probe(options.video)  # Before anybody answers questions.
    check_free(options.to)
    consent = consent_of(options)
    with closing(ProgressBars()) as progress:
        if not options.unchecked:
            span = options.start, options.seconds
            report = check_footage(options.video, progress, span)
            refuse_unusable(report)
            progress.close()
            print("\n".join(describe(report)))
        return capture(
            options.video,
            options.to,
            size=options.size,
            name=options.name,
            start=options.start,
            seconds=options.seconds,
            consent=consent,
            progress=progress,
        )


def consent_of(options):
    """What the flags of `arguments.add_consent` say, or the terminal answers."""
    from keras_anchor.consent import get_consent

    return get_consent(
        who=options.consent_who,
        purpose=options.consent_purpose,
        date=options.consent_date,
        note=options.consent_note,
    )


def train(options):
    settings = {
        "preset": options.preset,
        "minutes": options.minutes,
        "seed": options.seed,
        "is_adversarial": not options.without_adversarial,
        "has_codes": not options.without_codes,
        "is_warm": not options.cold,
    }
    if options.dry_run:
        from keras_anchor.data.takes import Take

        resolved = {"take": options.take, "run": options.to, **settings}
        preset = options.preset or presets.choose(Take(options.take).size)
        print(json.dumps(resolved | {"preset": preset} | presets.get(preset), indent=2))
        return None
    from keras_anchor.train import train

    return train(options.take, options.to, **settings)


def export(options):
    from keras_anchor.export import FORMATS, export_anchor

    return export_anchor(
        options.run,
        options.to,
        name=options.name,
        formats=options.formats or list(FORMATS),
        tfjs_weights=options.tfjs_weights,
    )


def photo(options):
    from keras_anchor.consent import to_public, to_record
    from keras_anchor.data.photo_face import read_photo

    photo = read_photo(options.picture, options.size)  # Before anybody answers.
    consent = to_public(to_record(consent_of(options)))
    from keras_anchor.photo import make_photo_anchor

    return make_photo_anchor(
        photo,
        options.to,
        name=options.name or Path(options.picture).stem,
        formats=options.formats,
        consent=consent,
    )


def say(options):
    from keras_anchor.drive.retarget import press
    from keras_anchor.drive.text import perform_text

    performance = perform_text(
        options.text,
        voice=options.voice,
        fps=options.fps,
        seed=options.seed,
        openness=options.openness,
    )
    return play(options, performance, press)


def render(options):
    from keras_anchor.drive.retarget import retarget

    if options.performance:
        from keras_anchor.performance import read_performance

        performance = read_performance(options.performance)
    else:
        from keras_anchor.data.footage import track_video

        with closing(ProgressBars()) as progress:
            performance = track_video(options.from_video, progress)
    if options.mirror:
        from keras_anchor.controls import mirror

        performance.controls = mirror(performance.controls)
    is_retargeted = options.retarget
    if is_retargeted is None:
        is_retargeted = options.from_video is not None
    return play(options, performance, retarget if is_retargeted else None)


def play(options, performance, fit=None):
    """Renders into the window or the file that was asked for.

    Args:
        fit: `retarget` or `press`, to fit the performance to the anchor; None leaves
            it as it is.
    """
    from keras_anchor.anchors import load_anchor
    from keras_anchor.render import render_film, show

    anchor = load_anchor(options.anchor)
    if fit:
        performance = fit(performance, anchor.ranges)
    settings = {"background": options.background, "num_threads": options.threads}
    if options.show:
        return show(anchor, performance, **settings)
    return render_film(anchor, performance, options.output, **settings)


def demo(options):
    from keras_anchor.anchors import load_anchor
    from keras_anchor.demo import serve

    serve(load_anchor(options.anchor), host=options.host, port=options.port)


def measure(options):
    from keras_anchor.measure import measure

    return measure(options.run, options.take, reference_folder=options.against)


def make_all(options):
    from keras_anchor.pipeline import make_anchor

    make_anchor(
        options.take,
        options.to,
        preset=options.preset,
        minutes=options.minutes,
        seed=options.seed,
        install_seconds=options.install_seconds,
    )


COMMANDS = {
    "doctor": doctor,
    "presenter": presenter,
    "record": record,
    "check": check,
    "capture": capture,
    "train": train,
    "export": export,
    "photo": photo,
    "say": say,
    "render": render,
    "demo": demo,
    "measure": measure,
    "all": make_all,
}


def main(arguments=None):
    options = build_parser().parse_args(arguments)
    for name, value in TENSORFLOW_SETTINGS.items():
        os.environ.setdefault(name, value)
    try:
        with plain_warnings():
            result = COMMANDS[options.command](options)
    except KeyboardInterrupt:
        return complain("stopped.", STOPPED)
    except expected_errors() as error:
        if "debug" in options:
            raise
        return complain(describe_error(error), BAD_INPUT)
    if result is not None:
        print(describe_path(result))
    return 0


def expected_errors():
    """What a user can mend; TensorFlow's errors only where it is loaded anyway."""
    tensorflow = sys.modules.get("tensorflow")
    errors = (ValueError, OSError, ImportError)
    return (*errors, tensorflow.errors.OpError) if tensorflow else errors


def complain(message, status):
    print(f"keras-anchor: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
