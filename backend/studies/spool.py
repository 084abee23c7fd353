"""The way of an image whose text has to be covered: into the spool, which nothing is served from, and out.

The row decides, by one guarded update: pending → done, with the masked file's name, or pending → dropped.
What lies in the spool is deleted afterwards; `spool` in the row says until then that it still has to be."""

import logging
import uuid
from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models.functions import Now
from django.utils import timezone
from PIL import Image

from backend.core.stored import SPOOL, store_whole, stored_delete
from backend.studies.choices import Masking
from backend.studies.models import UltrasoundImage
from backend.studies.validation import pixels_sha256, png_encode

logger = logging.getLogger(__name__)
STRAY_AFTER = timedelta(hours=1)  # longer than any request takes from its first file to its rows
BoxAsList = list[int]  # [x, y, width, height]


def image_place(*, masked: bool) -> str:
    """A name that was never used: in the spool when text is to be covered first, else where images lie."""
    return f"{SPOOL if masked else 'images'}/{uuid.uuid4()}.png"


def place_columns(name: str) -> dict[str, str]:
    """What a new row says of a file that lies under `image_place`."""
    if name.startswith(f"{SPOOL}/"):
        return {"spool": name, "masking": Masking.PENDING}
    return {"file": name, "masking": Masking.OFF}


def image_masked(
    *, image: UltrasoundImage, attempt: int, picture: Image.Image, boxes: list[BoxAsList]
) -> bool:
    """Store the masked picture, then let it be read. False when the image waits for none any more.

    A file that no row came to name is deleted when the spool is emptied."""
    with png_encode(picture) as png:
        key = store_whole(_masked_name(image.pk, attempt), File(png))
    written = UltrasoundImage.objects.filter(pk=image.pk, masking=Masking.PENDING).update(
        file=key, masking=Masking.DONE, sha256=pixels_sha256(picture), masked_boxes=boxes
    )
    if not written:
        stored_delete(key)
    return bool(written)


def spool_empty(*, image_id: uuid.UUID, attempts: int) -> None:
    """Delete the unmasked picture, and what broken-off attempts wrote; an image that waits is given up.

    What can't be deleted is tried again by the sweep."""
    row = UltrasoundImage.objects.filter(pk=image_id)
    row.filter(masking=Masking.PENDING).update(masking=Masking.DROPPED, file_deleted_at=Now())
    image = row.first()
    if image is None or not image.spool:
        return
    names = [name for name in image_files(image, attempts=attempts) if name != image.key]
    left = [name for name in names if not stored_delete(name)]
    if not left:
        row.update(spool="")


def image_files(image: UltrasoundImage, *, attempts: int) -> list[str]:
    """Every name under which its pixels may lie, after so many attempts at masking it."""
    tried = range(1, attempts + 1) if image.spool else ()
    names = [image.key, image.spool, *(_masked_name(image.pk, attempt) for attempt in tried)]
    return list(dict.fromkeys(name for name in names if name))


def _masked_name(image_id: uuid.UUID, attempt: int) -> str:
    """One an attempt: one that hangs must not touch what the next one has written."""
    return f"images/{image_id}-{attempt}.png"


def strays_delete() -> int:
    """How many files of the spool had no row, because the server died within the request, and are gone."""
    try:
        names = [f"{SPOOL}/{name}" for name in default_storage.listdir(SPOOL)[1]]
    except FileNotFoundError:
        return 0
    known = set(UltrasoundImage.objects.filter(spool__in=names).values_list("spool", flat=True))
    strays = [name for name in names if name not in known and _is_old(name)]
    return [stored_delete(name) for name in strays].count(True)


def _is_old(name: str) -> bool:
    try:
        return default_storage.get_modified_time(name) < timezone.now() - STRAY_AFTER
    except OSError:
        return False
