"""The multipart form of an upload: bounded while it streams in, then read field by field."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, TypeVar, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    FileUploadHandler,
    MemoryFileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest
from rest_framework.parsers import MultiPartParser

from backend.core.problems import ApiProblem
from backend.studies.decoding.errors import FRAME_NOT_OFFERED, FRAME_OUT_OF_RANGE, TOO_LARGE, UnreadableImage
from backend.studies.decoding.picture import Box
from backend.studies.validation import (
    INVALID_FRAME,
    INVALID_REGION,
    REGION_OUTSIDE,
    REGION_TOO_SMALL,
    ValidatedImage,
    frame_parse,
    image_validate,
    region_parse,
)
from ml.taxonomy import MODALITIES

IMAGE_FIELDS = {f"image_{modality.value}": modality.value for modality in MODALITIES}
UPLOAD_REFUSED = "upload_refused"
NO_IMAGE = "no_image"
UNKNOWN_FIELD = "unknown_field"
T = TypeVar("T")
Reasons = dict[str, list[dict[str, str]]]


class BoundedUploadHandler(FileUploadHandler):
    """Stops writing a file as soon as it is larger than allowed, and takes no file that was not asked for."""

    def __init__(self, request: HttpRequest, file_fields: Collection[str]) -> None:
        super().__init__(request)
        self.file_fields = file_fields

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Skipping waits for the first bytes: before, it would close the file that came before this one."""
        self.received += len(raw_data)
        if self.field_name not in self.file_fields:
            skipped_files(self.request)[self.field_name] = UNKNOWN_FIELD
            raise SkipFile
        if self.received > settings.MAX_UPLOAD_BYTES:
            skipped_files(self.request)[self.field_name] = TOO_LARGE
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def skipped_files(request: HttpRequest | None) -> dict[str, str]:
    """Fields whose file was not kept while the form streamed in, and why."""
    return cast(dict[str, str], request.__dict__.setdefault("skipped_files", {}))


class UploadParser(MultiPartParser):
    """multipart/form-data whose files are bounded before they reach the disk."""

    file_fields: Collection[str] = IMAGE_FIELDS

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        request = parser_context["request"]._request
        request.upload_handlers = [
            BoundedUploadHandler(request, self.file_fields),
            MemoryFileUploadHandler(request),
            TemporaryFileUploadHandler(request),
        ]
        return super().parse(stream, media_type, parser_context)


@dataclass(frozen=True)
class UploadedImage:
    """One slot of the form as it came."""

    modality: str
    file: BinaryIO
    frame: str = ""
    region: str = ""


@dataclass
class Refusals:
    """Reasons by field, and the status that fits them together."""

    reasons: Reasons = field(default_factory=dict)
    statuses: set[int] = field(default_factory=set)

    def add(self, field_name: str, code: str, detail: str, status: int = 422) -> None:
        """One more reason."""
        self.reasons.setdefault(field_name, []).append({"code": code, "detail": detail})
        self.statuses.add(status)

    def add_error(self, field_name: str, error: UnreadableImage) -> None:
        """The reason that decoding gave."""
        self.add(field_name, error.code, error.detail, error.http_status)

    def problem(self, code: str = UPLOAD_REFUSED) -> ApiProblem:
        """413 or 415 when every reason is of that kind, else 422."""
        status = next(iter(self.statuses)) if len(self.statuses) == 1 else 422
        detail = "Nothing was stored: see the reason of each field."
        return ApiProblem(detail, code=code, status=status, errors=self.reasons)

    def raise_if_any(self, code: str = UPLOAD_REFUSED) -> None:
        """The problem, when there is a reason for one."""
        if self.reasons:
            raise self.problem(code)


def uploaded_images(files: Mapping[str, UploadedFile], fields: Mapping[str, str]) -> list[UploadedImage]:
    """The slots that hold a file, in the order of the modalities."""
    return [
        UploadedImage(
            modality=modality,
            file=cast(BinaryIO, files[name].file),
            frame=fields.get(f"frame_{modality}", "").strip(),
            region=fields.get(f"region_{modality}", "").strip(),
        )
        for name, modality in IMAGE_FIELDS.items()
        if name in files
    ]


def skipped_refusals(skipped: Mapping[str, str], file_fields: Collection[str] = IMAGE_FIELDS) -> Refusals:
    """Reasons for the files that were not kept while the form streamed in."""
    refusals = Refusals()
    for name, code in skipped.items():
        if code == TOO_LARGE:
            refusals.add_error(name, _too_large())
        else:
            refusals.add(name, code, f"Files are taken in {', '.join(file_fields)} only.")
    return refusals


def _too_large() -> UnreadableImage:
    limit = f"{settings.MAX_UPLOAD_BYTES / 2**20:.0f} MB"
    return UnreadableImage(TOO_LARGE, f"The file is larger than the {limit} that are accepted.")


def uploads_validate(uploads: list[UploadedImage], refusals: Refusals) -> list[ValidatedImage]:
    """Every slot validated; all reasons are collected before anything is refused."""
    validated = [image for upload in uploads if (image := _validate(upload, refusals)) is not None]
    if refusals.reasons:
        for image in validated:
            image.png.close()
    refusals.raise_if_any()
    return validated


def _validate(upload: UploadedImage, refusals: Refusals) -> ValidatedImage | None:
    frame = _parsed(frame_parse, f"frame_{upload.modality}", upload.frame, refusals)
    region: Box | None = _parsed(region_parse, f"region_{upload.modality}", upload.region, refusals)
    try:
        return image_validate(upload.file, modality=upload.modality, frame=frame, region=region)
    except UnreadableImage as error:
        refusals.add_error(f"{_FIELD_OF_CODE.get(error.code, 'image')}_{upload.modality}", error)
        return None


_FIELD_OF_CODE = {
    FRAME_OUT_OF_RANGE: "frame",
    FRAME_NOT_OFFERED: "frame",
    INVALID_FRAME: "frame",
    INVALID_REGION: "region",
    REGION_OUTSIDE: "region",
    REGION_TOO_SMALL: "region",
}


def _parsed(parse: Callable[[str], T], name: str, text: str, refusals: Refusals) -> T | None:
    if not text:
        return None
    try:
        return parse(text)
    except UnreadableImage as error:
        refusals.add_error(name, error)
        return None


def uploads_digest(uploads: list[UploadedImage], *, label: str) -> str:
    """sha256 over everything that makes two requests the same: the raw bytes and the fields."""
    parts = [[upload.modality, _sha256(upload.file), upload.frame, upload.region] for upload in uploads]
    return hashlib.sha256(json.dumps([label, parts]).encode()).hexdigest()


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
