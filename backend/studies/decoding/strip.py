"""Small stills out of a film, so that a person can look for the right frame without sending it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

from PIL import Image

from backend.studies.decoding.dicom import DicomFilm
from backend.studies.decoding.errors import UnreadableImage, only_unreadable

STRIP_MAX_SIDE = 480
STRIP_MAX_SECONDS = 1.0
STRIP_MAX_FRAMES = 64


@dataclass(frozen=True)
class Still:
    """One frame, small."""

    frame: int
    image: Image.Image


def film_strip(film: DicomFilm, wanted: int) -> list[Still]:
    """Up to `wanted` stills, spread evenly over the film; fewer when decoding takes long."""
    began = monotonic()
    stills: list[Still] = []
    for frame in coarse_to_fine(film.frame_count, min(wanted, STRIP_MAX_FRAMES)):
        if monotonic() - began > STRIP_MAX_SECONDS:
            break
        stills.extend(_still(film, frame))
    return sorted(stills, key=lambda still: still.frame)


def coarse_to_fine(count: int, wanted: int) -> Iterator[int]:
    """`wanted` of the frames 0..count-1, each once; who stops early has them spread over the film."""
    taken = min(count, wanted)
    places = sorted(range(taken), key=_mirrored)
    for place in places:
        yield place * count // taken


def _mirrored(place: int) -> int:
    """The place's bits read backwards: 0, 8, 4, 12, 2 … instead of 0, 1, 2."""
    return int(f"{place:016b}"[::-1], 2)


def _still(film: DicomFilm, frame: int) -> Iterator[Still]:
    """Nothing for a frame that can't be decoded: it is refused when somebody asks for it."""
    try:
        with only_unreadable("dicom"):
            image = film.frame_image(frame)
    except UnreadableImage:
        return
    image.thumbnail((STRIP_MAX_SIDE, STRIP_MAX_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    yield Still(frame, image)
