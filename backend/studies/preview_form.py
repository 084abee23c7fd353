"""Reads the form of a preview: one file, perhaps a frame, perhaps a number of stills."""

from dataclasses import dataclass
from typing import BinaryIO, cast

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from backend.studies.decoding.errors import UnreadableImage
from backend.studies.uploads import (
    NO_IMAGE,
    UNKNOWN_FIELD,
    Refusals,
    UploadParser,
    skipped_files,
    skipped_refusals,
)
from backend.studies.validation import frame_parse

IMAGE_FIELD = "image"
TEXT_FIELDS = frozenset({"frame", "stills", "csrfmiddlewaretoken"})
REFUSED = "preview_refused"


class PreviewParser(UploadParser):
    """As an upload's, with one file."""

    file_fields = (IMAGE_FIELD,)


@dataclass(frozen=True)
class PreviewForm:
    """The file, the frame to show (None: the middle one), and how many stills."""

    image: BinaryIO
    frame: int | None
    stills: int


def preview_form_read(request: HttpRequest, fields: QueryDict, files: MultiValueDict) -> PreviewForm:
    """The form; a problem with a reason per field when anything is wrong with it."""
    refusals = skipped_refusals(skipped_files(request), PreviewParser.file_fields)
    for name in set(fields) - TEXT_FIELDS | set(files) - {IMAGE_FIELD}:
        refusals.add(name, UNKNOWN_FIELD, "This field is not known here.")
    frame = _number(fields, "frame", refusals)
    stills = _number(fields, "stills", refusals)
    image = files.get(IMAGE_FIELD)
    if image is None and not refusals.reasons:
        refusals.add(IMAGE_FIELD, NO_IMAGE, "Send the image as a file in this field.")
    if image is None or refusals.reasons:
        raise refusals.problem(REFUSED)
    return PreviewForm(cast(BinaryIO, image.file), frame, stills or 0)


def _number(fields: QueryDict, name: str, refusals: Refusals) -> int | None:
    text = str(fields.get(name, "")).strip()
    try:
        return frame_parse(text) if text else None
    except UnreadableImage:
        refusals.add(name, "invalid", "Give a whole number from 0.")
        return None
