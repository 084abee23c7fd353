"""From a sample to pixels: the only place where files of a set are decoded."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from ml.data.samples import DataError, Sample


class BrokenImageError(DataError):
    """A file that is no readable image; the message names it."""


def decode(sample: Sample) -> Image.Image:
    """The image of a sample as RGB in its own size; BrokenImageError where that is impossible."""
    try:
        if sample.frame is not None:
            return _video_frame(sample.path, sample.frame)
        with Image.open(sample.path) as image:
            return image.convert("RGB")
    except FileNotFoundError as error:
        raise BrokenImageError(f"'{sample.path}' does not exist (any more).") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BrokenImageError(f"'{sample.path}' cannot be read as an image ({error}).") from error


def _video_frame(path: Path, frame: int) -> Image.Image:
    """Frame `frame` (from 0) of a video, read in order because seeking is inexact in AVI."""
    import cv2  # noqa: PLC0415  only the heart set has videos

    video = cv2.VideoCapture(str(path))
    try:
        for _ in range(frame):
            if not video.grab():
                raise BrokenImageError(f"'{path}' has no frame {frame}.")
        found, pixels = video.read()
    finally:
        video.release()
    if not found:
        raise BrokenImageError(f"'{path}' has no frame {frame}.")
    return Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
