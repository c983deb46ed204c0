"""The commands that show an anchor: `say`, `render`, `script`, `lesson`, `live`."""

import sys
from contextlib import closing
from pathlib import Path

from keras_anchor.results import ProgressBars


def say(options):
    from keras_anchor.drive.retarget import press
    from keras_anchor.drive.text import perform_recording, perform_text
    from keras_anchor.drive.viseme_table import VisemeTable
    from keras_anchor.films import check_film_path, check_parent
    from keras_anchor.performance import write_performance

    # Before anything is spoken, and before `--csv` is written.
    if options.output:
        check_film_path(options.output)
    if options.csv:
        check_parent(options.csv)
    text = sys.stdin.read() if options.text == "-" else options.text
    acting = {
        "fps": options.fps,
        "seed": options.seed,
        "openness": options.openness,
        "mood": options.mood,
        "table": VisemeTable(options.visemes) if options.visemes else None,
    }
    reading = {**speaking(options), "skip_unreadable": options.skip_unreadable}
    if options.sound:
        reading.pop("engine")
        reading["language"] = reading.pop("voice")
        performance = perform_recording(options.sound, text, **reading, **acting)
    elif text is None:
        raise ValueError("Nothing to say: expected a TEXT, or a recording as --sound.")
    else:
        performance = perform_text(text, **acting, **reading)
    if options.csv:
        write_performance(options.csv, performance)
    return play(options, performance, press)


def render(options):
    from keras_anchor.drive.retarget import retarget

    if options.performance:
        from keras_anchor.performance import read_performance

        performance = read_performance(options.performance)
    else:
        from keras_anchor.data.capture.footage import track_video

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


def script(options):
    from keras_anchor.script.folder import render_folder
    from keras_anchor.script.render import render_script

    settings = {
        "anchor": options.anchor,
        "format": options.format,
        "background": options.background,
        **rendering(options),
    }
    with closing(ProgressBars("part")) as progress:
        settings["progress"] = progress
        if not Path(options.script).is_dir():
            return render_script(
                options.script,
                options.output,
                performance=options.csv,
                **settings,
            )
        return render_folder(
            options.script,
            options.output,
            performance=bool(options.csv),
            **settings,
        )


def lesson(options):
    from keras_anchor.lesson.lesson import make_lesson

    with closing(ProgressBars("part")) as progress:
        return make_lesson(
            options.slides,
            options.notes,
            options.output,
            anchor=options.anchor,
            corner=options.corner,
            size=options.size,
            silent_seconds=options.silent_seconds,
            height=options.height,
            progress=progress,
            **rendering(options),
        )


def live(options):
    check_company(options)
    from keras_anchor.conversation.live import live

    names = (
        "anchor answers endpoint model listen output seed openness mood background log "
        "visemes barge_in recognition system key_from"
    )
    settings = {name: getattr(options, name) for name in names.split()}
    return live(**settings, **speaking(options), num_threads=options.threads)


def check_company(options):
    """Raises `ValueError` for a flag of `live` that another one is missing for."""
    companions = {
        "--listen": ("barge_in", "recognition"),
        "--endpoint": ("model", "system", "key_from"),
    }
    for flag, names in companions.items():
        for name in names:
            if getattr(options, name) and not getattr(options, flag[2:]):
                given = "--" + name.replace("_", "-")
                raise ValueError(f"`{given}` needs `{flag}`: add it, or leave it out.")


def speaking(options):
    """What `drive.speaking.speak` takes of the flags of `add_voice`."""
    words = None
    if options.pronunciations:
        from keras_anchor.drive.texts import read_pronunciations

        words = read_pronunciations(options.pronunciations)
    return {
        "voice": options.voice,
        "engine": options.engine,
        "pronunciations": words,
    }


def rendering(options):
    """What scripts and lessons both take."""
    names = (
        "voice engine pronunciations skip_unreadable seed openness visemes fps "
        "captions font"
    )
    settings = {name: getattr(options, name) for name in names.split()}
    settings["burn_captions"] = options.burn_captions
    return settings | {"num_threads": options.threads}
