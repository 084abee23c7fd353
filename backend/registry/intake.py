"""A checkpoint on its way in: a private copy is checked, then moved into the storage whole or not at all."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File

from backend.registry.errors import RegistryError
from ml.manifest import Manifest, ManifestError, read_manifest, verify_tensors
from ml.taxonomy import ARCHITECTURES

CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class CheckedFile:
    """A copy that passed every check that needs no torch."""

    path: Path
    manifest: Manifest
    size: int
    file_sha256: str
    tensor_sha256: str

    def open(self) -> "MovableFile":
        """For `Storage.save`: a file system moves it, another storage reads it."""
        return MovableFile(self.path)


class MovableFile(File):
    """Tells FileSystemStorage that the file may be moved instead of copied."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), name=path.name)
        self.path = path

    def temporary_file_path(self) -> str:
        return str(self.path)


@contextmanager
def checked_copy(path: Path) -> Iterator[CheckedFile]:
    """A checked private copy of `path`, gone afterwards unless it was moved; RegistryError if unfit."""
    _read_manifest(path)  # most refusals need the header only: do not copy hundreds of megabytes first
    incoming = Path(settings.MEDIA_ROOT) / "incoming"
    with _refusing_disk_errors():
        incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=".safetensors", dir=incoming)
    copy = Path(name)
    try:
        with _refusing_disk_errors(), os.fdopen(handle, "wb") as target:
            size, digest = _copy(path, target)
        yield _check(copy, size, digest)
    finally:
        copy.unlink(missing_ok=True)


def _copy(source: Path, target: Any) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            size += target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return size, digest.hexdigest()


def _check(copy: Path, size: int, file_sha256: str) -> CheckedFile:
    manifest = _read_manifest(copy)
    try:
        tensor_sha256 = verify_tensors(copy)
    except ManifestError as error:
        raise RegistryError(error.code, error.detail) from None
    return CheckedFile(copy, manifest, size, file_sha256, tensor_sha256)


def _read_manifest(path: Path) -> Manifest:
    try:
        manifest = read_manifest(path)
    except ManifestError as error:
        raise RegistryError(error.code, error.detail) from None
    except OSError as error:
        raise RegistryError("unreadable", f"The file can't be read: {error.strerror}.") from None
    if manifest.architecture not in ARCHITECTURES:
        raise RegistryError(
            "unknown_architecture",
            f"The architecture {manifest.architecture!r} is not known here; "
            f"known are {', '.join(ARCHITECTURES)}.",
        )
    return manifest


@contextmanager
def _refusing_disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RegistryError("disk_full", "The server's disk is full: nothing was stored.") from None
        raise RegistryError("storage_error", f"The file can't be copied: {error.strerror}.") from None
