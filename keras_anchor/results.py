"""What a command made or why it did not, in a line."""

from pathlib import Path


def num_bytes(path):
    """Size of a file, or of everything in a folder."""
    path = Path(path)
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def describe_path(path):
    """`out/anchor.mp4  1.2 MB`."""
    path, size = Path(path), num_bytes(path)
    name = f"{path}/" if path.is_dir() else str(path)
    return f"{name}  " + (
        f"{size / 1e6:.1f} MB" if size > 1e6 else f"{size / 1e3:.0f} kB"
    )


def describe_seconds(seconds):
    """`1 min 05 s`."""
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


def describe_error(error):
    """An error that a user can mend."""
    if isinstance(error, ModuleNotFoundError):
        from keras_anchor.doctor import missing_package

        return missing_package(error)
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.strerror}: {error.filename}"
    return " ".join(str(error).split()) or type(error).__name__
