"""Learns what `keras_anchor/assets/warm_start.npz` holds, on a presenter's take.

    python benchmarks/warm_start.py takes/adam --minutes 12

The take is seen with the face points that people have. Repeating the call goes on.
"""

import argparse
from pathlib import Path

from keras_anchor.data.capture.person import build_presenter_model
from keras_anchor.data.presenters.presenter import Presenter
from keras_anchor.data.takes import Take
from keras_anchor.generators import CROPS
from keras_anchor.runs import load_generator
from keras_anchor.train import train
from keras_anchor.warm_start import PATH, save_start


def with_landmarks(take, folder):
    """A take of the same frames whose face model is made of landmarks."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in take.folder.iterdir():
        if path.name != "face.npz" and not (folder / path.name).exists():
            (folder / path.name).symlink_to(path.resolve())
    presenter = Presenter(take.info["presenter"])
    build_presenter_model(presenter, take.face_model).save(folder / "face.npz")
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("take", type=Path, help="folder of a presenter's take")
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--work", type=Path, default=Path("out/warm_start"))
    options = parser.parse_args()
    take = with_landmarks(Take(options.take), options.work / "take")
    folder = train(
        take, options.work / "run", minutes=options.minutes, without=["adversarial"]
    )
    generator = load_generator(folder)
    decoders = {crop: generator.get_layer(f"{crop}_decoder") for crop in CROPS}
    save_start({"whole": generator, **decoders})
    print(PATH)


if __name__ == "__main__":
    main()
