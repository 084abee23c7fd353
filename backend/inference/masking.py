"""Text in an image is covered before anyone, or any model, sees it: found, erased, looked for again."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

from billiard.exceptions import SoftTimeLimitExceeded
from PIL import Image

from backend.inference.media import picture_read
from backend.inference.models import Prediction
from backend.studies.choices import Masking
from backend.studies.models import UltrasoundImage
from backend.studies.spool import BoxAsList, image_masked, spool_empty
from ml.overlays.boxes import Box
from ml.overlays.boxes import covered as pixels_in

logger = logging.getLogger(__name__)
ROUNDS = 4  # of erasing: some print is found only once its neighbours are gone; what is left then, fails
EDGE_PX = 2  # around a box: the blurred edges of its letters
# Around a patch: pixels, or a part of the shorter side, too narrow for letters.
LEAST_RIM_PX, RIM_PART = 3, 150
MOSTLY = 0.9


class MaskingFailed(Exception):  # noqa: N818
    """Text is still found after the last round, or could not be looked for at all."""


class NotWanted(Exception):  # noqa: N818
    """The image was given up or deleted while it was being masked."""


@dataclass(frozen=True)
class Visible:
    """The picture that people see, and the milliseconds from the spool to where they can."""

    image: Image.Image
    masking_ms: float = 0.0


def picture_visible(prediction: Prediction) -> Visible:
    """The stored picture, masked and let out of the spool first where it waits for that.

    OSError when it can't be read or written; MaskingFailed; NotWanted."""
    image = prediction.image
    if image.masking != Masking.PENDING:
        return Visible(picture_read(image.key))
    began = perf_counter()
    picture = _let_out(image, prediction.attempt)
    return Visible(picture, (perf_counter() - began) * 1000)


def _let_out(image: UltrasoundImage, attempt: int) -> Image.Image:
    try:
        unmasked = picture_read(image.spool)
    except FileNotFoundError:
        return _let_out_by_another(image)
    picture, boxes = covered(unmasked)
    if not image_masked(image=image, attempt=attempt, picture=picture, boxes=boxes):
        return _let_out_by_another(image)
    spool_empty(image_id=image.pk, attempts=attempt)
    return picture


def _let_out_by_another(image: UltrasoundImage) -> Image.Image:
    """Another attempt was quicker, or the image is not wanted any more."""
    now = UltrasoundImage.objects.filter(pk=image.pk).first()
    if now is None or now.masking == Masking.DROPPED:
        raise NotWanted
    return picture_read(now.key)


def finder_load() -> None:
    """So that the first image does not wait for it. One that can't be loaded fails images, not this."""
    with suppress(MaskingFailed):
        covered(Image.new("RGB", (64, 64)))


def covered(picture: Image.Image) -> tuple[Image.Image, list[BoxAsList]]:
    """The picture without its text, and the places that were erased."""
    try:
        return _covered(picture)
    except (SoftTimeLimitExceeded, MaskingFailed):
        raise
    except Exception as error:
        logger.exception("text could not be looked for")
        raise MaskingFailed from error


def _covered(picture: Image.Image) -> tuple[Image.Image, list[BoxAsList]]:
    from ml.overlays.mask import Strength, masked  # noqa: PLC0415 (in a worker that needs it)

    erased: list[Box] = []
    for _ in range(ROUNDS):
        found = _uncovered(_print_in(picture), erased, picture.size)
        if not found:
            return picture, [list(box) for box in erased]
        whole = [box.grown(EDGE_PX).within(*picture.size) for box in found]
        picture = masked(picture, whole, Strength.ERASE)
        erased += whole
    if _uncovered(_print_in(picture), erased, picture.size):
        logger.error("text is still found after %d rounds of covering it", ROUNDS)
        raise MaskingFailed
    return picture, [list(box) for box in erased]


def _print_in(picture: Image.Image) -> list[Box]:
    """Text, apart from what are callipers: they name nobody, and lie on the node."""
    from ml.overlays.find import find_overlays  # noqa: PLC0415 (brings the finder's libraries)

    return find_overlays(picture).text


def _uncovered(found: list[Box], erased: list[Box], size: tuple[int, int]) -> list[Box]:
    """What is found apart from the patches themselves, whose edges look like print to the finder: where all
    but a rim is of one colour, no letter can be read."""
    rim = max(LEAST_RIM_PX, min(size) // RIM_PART)
    gone = pixels_in([box.grown(rim) for box in erased], *size)
    return [box for box in found if gone[box.slices].mean() < MOSTLY]
