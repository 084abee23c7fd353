"""Writes of cases and images. Files come first and go last, so that no row ever points to nothing."""

import logging
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.files.base import File
from django.db import transaction
from django.db.models.functions import Now

from backend.accounts.ownership import Owner
from backend.core.problems import Unavailable
from backend.core.stored import store_whole, stored_delete
from backend.site.selectors import site_settings, text_masked
from backend.studies.choices import READABLE
from backend.studies.models import Case, UltrasoundImage
from backend.studies.spool import image_files, image_place, place_columns
from backend.studies.validation import ValidatedImage

logger = logging.getLogger(__name__)
STORAGE_RETRY_S = 30


@contextmanager
def image_files_stored(images: Iterable[ValidatedImage]) -> Iterator[dict[str, str]]:
    """Storage keys by modality: in the spool where the site has text masked. Whatever goes wrong inside the
    block, the files are deleted again."""
    keys: dict[str, str] = {}
    masked = text_masked(site_settings())
    try:
        for image in images:
            key = image_place(masked=masked)
            with image.png as png:
                _store(key, File(png))
            keys[image.modality] = key
        yield keys
    except BaseException:
        files_delete(keys.values())
        raise


def _store(key: str, file: File) -> None:
    try:
        store_whole(key, file)
    except OSError as error:
        logger.exception("an image could not be stored")
        reason = error.strerror or "its storage does not answer"
        raise Unavailable(
            f"The server can't store images at the moment ({reason}). Nothing was kept: send it again later, "
            "and tell the server's administrator.",
            code="storage_error",
            headers={"Retry-After": str(STORAGE_RETRY_S)},
        ) from error


def case_create(
    *, owner: Owner, label: str, images: Iterable[ValidatedImage], keys: dict[str, str]
) -> tuple[Case, list[UltrasoundImage]]:
    """Rows for a case and its images, whose files lie under `keys`. Needs a transaction around it.

    Whether the files stay is settled here: a later change of the site's settings touches no earlier image."""
    case = Case.objects.create(label=label, **owner.as_fields())
    kept = site_settings().keep_images
    rows = [_image_row(case, image, keys[image.modality], kept=kept) for image in images]
    return case, UltrasoundImage.objects.bulk_create(rows)


def _image_row(case: Case, image: ValidatedImage, key: str, *, kept: bool) -> UltrasoundImage:
    return UltrasoundImage(
        case=case,
        modality=image.modality,
        **place_columns(key),
        sha256=image.sha256,
        width=image.width,
        height=image.height,
        source_format=image.source_format,
        frame=image.frame,
        frame_count=image.frame_count,
        region=image.region.as_list() if image.region else None,
        scanner_region=image.scanner_region.as_list() if image.scanner_region else None,
        kept=kept,
    )


def case_delete(*, case: Case, attempts: int = 0) -> None:
    """The case, its images and their files, for good, after so many attempts at masking any of them. Needs a
    transaction around it."""
    keys = [name for image in case.images.all() for name in image_files(image, attempts=attempts)]
    case.delete()
    transaction.on_commit(lambda: files_delete(keys))


def image_files_delete(*, case_id: uuid.UUID) -> None:
    """Delete the files of images that are not to be kept; their rows stay and say so.

    The file goes first: what breaks off in between is tried again by the sweep."""
    passing = UltrasoundImage.objects.filter(
        case=case_id, kept=False, file_deleted_at__isnull=True, masking__in=READABLE
    )
    for image in passing:
        if stored_delete(image.key):
            UltrasoundImage.objects.filter(pk=image.pk).update(file_deleted_at=Now())


def files_delete(keys: Iterable[str]) -> None:
    """Delete from the storage; what can't be deleted is heard in the log and hinders nothing else."""
    for key in keys:
        stored_delete(key)
