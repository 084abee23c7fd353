"""Files in an S3-compatible object store, with the manners of a folder: errors are OSError, no public URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError
from django.core.files.base import File
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3Storage

from backend.core.stored import StoreError

SILENT = (ReadTimeoutError, ConnectTimeoutError)
SPARED_S = 5.0  # after a silence nothing else waits for it: one request asks for several objects
NOT_ANSWERING = (BotoCoreError, Boto3Error, RetriesExceededError)


class _Silence:
    """Of this process: until when the store is taken to be away without being asked (monotonic seconds)."""

    def __init__(self) -> None:
        self._until = 0.0

    def refuse(self) -> None:
        """StoreError while the last silence is this fresh."""
        if monotonic() < self._until:
            raise StoreError("the object store has just not answered")

    def noted(self, error: BaseException) -> None:
        """Remember it when `error`, or what it comes from, is a silence."""
        found: BaseException | None = error
        while found is not None and not isinstance(found, SILENT):
            found = getattr(found, "last_exception", None) or found.__cause__
        if found is not None:
            self._until = monotonic() + SPARED_S


_silence = _Silence()


@contextmanager
def _store_errors() -> Iterator[None]:
    """The words of the error name neither a key nor an address: they go to logs."""
    _silence.refuse()
    try:
        yield
    except ClientError as error:
        raise StoreError(f"the object store says {error.response['Error'].get('Code', '?')}") from error
    except NOT_ANSWERING as error:
        _silence.noted(error)
        raise StoreError(f"the object store does not answer ({type(error).__name__})") from error


class ObjectStore(S3Storage):
    """Django's storage over one bucket; every caller that works on a folder works on it."""

    def _open(self, name: str, mode: str = "rb") -> File:
        """The whole object, read now: an error must come here and not in the middle of a response."""
        with _store_errors():
            file = super()._open(name, mode)
            if "r" in mode:
                _ = file.file
            return file

    def _save(self, name: str, content: File) -> str:
        with _store_errors():
            saved: str = super()._save(name, content)
            return saved

    def delete(self, name: str) -> None:
        """Also of what is not there."""
        with _store_errors():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is an object of this name."""
        with _store_errors():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        """Bytes."""
        with _store_errors():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        """When it was written."""
        with _store_errors():
            modified: datetime = super().get_modified_time(name)
            return modified

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """(folders, files) right under `path`."""
        with _store_errors():
            folders, files = super().listdir(path)
            return folders, files

    def url(self, *args: Any, **kwargs: Any) -> str:
        """There is none: files are answered after a permission check alone."""
        raise ValueError("This file is not accessible via a URL.")
