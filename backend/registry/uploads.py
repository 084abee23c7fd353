"""The multipart form of `POST models/`: the file goes straight to the disk, never into memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from backend.core.problems import ApiProblem
from backend.registry.errors import RegistryError
from backend.registry.intake import IncomingFile
from ml.manifest import ManifestError
from ml.safetensors_header import START_BYTES, check_start

FILE_FIELD = "file"


class ModelUploadHandler(FileUploadHandler):
    """Writes the field `file` into `incoming`. After a refusal the rest is read and dropped, so that the
    sender hears the reason instead of a broken connection."""

    def __init__(self, request: HttpRequest, incoming: IncomingFile) -> None:
        super().__init__(request)
        self.incoming = incoming
        self.refusal: RegistryError | None = None
        self._files = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._files += 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            if self.field_name != FILE_FIELD or self._files > 1:
                raise RegistryError("one_file", f"Send one file, in the field '{FILE_FIELD}'.")
            if start == 0 and len(raw_data) >= START_BYTES:
                check_start(raw_data[:START_BYTES])
            self.incoming.write(raw_data)
        except RegistryError as error:
            self.refusal = error
        except ManifestError as error:
            self.refusal = RegistryError(error.code, error.detail)
        if self.refusal is not None:
            raise SkipFile

    def file_complete(self, file_size: int) -> None:
        return None


@dataclass(frozen=True)
class ModelForm:
    """The texts beside the file."""

    name: str
    sha256: str
    reason: str


def model_form_read(request: Request, incoming: IncomingFile) -> ModelForm:
    """Read the whole form, the file into `incoming`; RegistryError when it was refused on the way."""
    handler = ModelUploadHandler(request._request, incoming)
    request._request.upload_handlers = [handler]
    try:
        fields = cast(Mapping[str, Any], request.data)  # of a form, never a list
    except UnreadablePostError:
        raise ApiProblem("The upload broke off: nothing was stored.", code="upload_interrupted") from None
    if handler.refusal is not None:
        raise handler.refusal
    if not incoming.size:
        raise RegistryError("no_file", f"Send a .safetensors file in the field '{FILE_FIELD}'.")
    return ModelForm(*(str(fields.get(name, "")).strip() for name in ("name", "sha256", "reason")))


class ModelUploadParser(MultiPartParser):
    """multipart/form-data; the handlers are set by `model_form_read`."""
