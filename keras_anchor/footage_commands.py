"""The commands that turn footage and photos into takes and anchors."""

import sys
from contextlib import closing
from pathlib import Path

from keras_anchor.results import ProgressBars, describe_path

# What `cli` ends with on input that cannot be used.
BAD_INPUT = 2


def check(options):
    from keras_anchor.data.check.report import check_footage, describe, write_report

    with closing(ProgressBars()) as progress:
        report = check_footage(options.video, progress)
    print("\n".join(describe(report)))
    if options.to:
        print(describe_path(write_report(report, options.to)))
    if not report.is_usable:
        sys.exit(BAD_INPUT)


def record(options):
    from keras_anchor.record import record

    return record(
        options.to,
        camera=options.camera,
        seconds=options.seconds,
        language=options.language,
        has_window=not options.no_window,
    )


def capture(options):
    from keras_anchor.data.capture.footage import capture
    from keras_anchor.data.check.report import check_footage, describe, refuse_unusable
    from keras_anchor.data.takes import check_free
    from keras_anchor.data.video.probe import probe

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


def photo(options):
    from keras_anchor.consent import to_public, to_record
    from keras_anchor.data.photo.face import read_photo

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


def consent_of(options):
    """What the flags of `add_consent` say, or the terminal answers."""
    from keras_anchor.consent import get_consent

    return get_consent(
        who=options.consent_who,
        purpose=options.consent_purpose,
        date=options.consent_date,
        note=options.consent_note,
    )
