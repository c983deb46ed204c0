"""The face tracker as one file, which MediaPipe in a browser reads."""

import zipfile
from io import BytesIO
from pathlib import Path

TRACKER_FOLDER = Path(__file__).parent / "assets" / "tracker"
# In the order in which Google packed them, and when.
PARTS = (
    "face_detector.tflite",
    "face_landmarks_detector.tflite",
    "geometry_pipeline_metadata_landmarks.binarypb",
    "face_blendshapes.tflite",
)
PACKED = 2023, 5, 3, 18, 1, 28
OWNER_READS = 0o600
# Networks are read where they lie in the file, so they start at whole words.
ALIGNMENT = 4


def face_landmarker_task():
    """The bytes of `face_landmarker.task`, the same as Google's, from its parts.

    Raises:
        ValueError: If a part is missing.
    """
    if missing := [name for name in PARTS if not (TRACKER_FOLDER / name).exists()]:
        raise ValueError(
            f"{TRACKER_FOLDER} lacks {missing} of the face tracker. Install "
            "keras-anchor again."
        )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in PARTS:
            entry = zipfile.ZipInfo(name, PACKED)
            entry.create_system, entry.external_attr = 3, OWNER_READS << 16
            data_start = archive.start_dir + zipfile.sizeFileHeader + len(name)
            archive.start_dir += -data_start % ALIGNMENT
            archive.writestr(entry, (TRACKER_FOLDER / name).read_bytes())
    return packed.getvalue()
