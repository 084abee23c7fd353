"""Why an upload is refused: one stable code, one sentence for the person who sent it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

logger = logging.getLogger(__name__)


class UnreadableImage(Exception):  # noqa: N818
    """An upload that can't become an image here; `code` is stable, `detail` says what to do."""

    status: ClassVar[dict[str, int]] = {"too_large": 413, "unsupported_format": 415}

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail

    @property
    def http_status(self) -> int:
        """413 for too many bytes, 415 for a format not offered, 422 for everything unreadable or hostile."""
        return self.status.get(self.code, 422)


EMPTY_FILE = "empty_file"
NOT_AN_IMAGE = "not_an_image"
UNSUPPORTED_FORMAT = "unsupported_format"
TRUNCATED = "truncated"
CORRUPT = "corrupt"
TOO_LARGE = "too_large"
TOO_MANY_PIXELS = "too_many_pixels"
TOO_SMALL = "too_small"
TOO_COMPLEX = "too_complex"
ANIMATED = "animated"
NO_PIXEL_DATA = "no_pixel_data"
FRAME_OUT_OF_RANGE = "frame_out_of_range"
FRAME_NOT_OFFERED = "frame_not_offered"

CODES = (
    EMPTY_FILE,
    NOT_AN_IMAGE,
    UNSUPPORTED_FORMAT,
    TRUNCATED,
    CORRUPT,
    TOO_LARGE,
    TOO_MANY_PIXELS,
    TOO_SMALL,
    TOO_COMPLEX,
    ANIMATED,
    NO_PIXEL_DATA,
    FRAME_OUT_OF_RANGE,
    FRAME_NOT_OFFERED,
)


@contextmanager
def only_unreadable(source_format: str) -> Iterator[None]:
    """Decoders raise anything on hostile bytes: outside the block it is an UnreadableImage."""
    try:
        yield
    except UnreadableImage:
        raise
    except Exception as error:
        logger.warning("decoder failed on a %s file: %s", source_format, type(error).__name__)
        raise UnreadableImage(CORRUPT, "The file is damaged: its content can't be decoded.") from error
