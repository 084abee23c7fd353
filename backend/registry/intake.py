"""A checkpoint on its way in: a private file is examined, then moved into the storage or not at all."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from django.conf import settings
from django.core.files import File

from backend.registry.errors import RegistryError
from ml.fusion.record import read_fusion
from ml.manifest import Manifest, ManifestError, read_manifest, verify_tensors
from ml.taxonomy import ARCHITECTURES, Joining, is_known_architecture

CHUNK_BYTES = 1024 * 1024
FOLDER = "incoming"


@dataclass(frozen=True)
class CheckedFile:
    """A file that passed everything that needs no torch."""

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


class IncomingFile:
    """A file that is being written, with its length and sha256 so far. Errors of the disk are refusals."""

    def __init__(self, path: Path, target: FileIO) -> None:
        self.path = path
        self.size = 0
        self._target = target
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Add bytes."""
        rest = memoryview(data)
        with refusing_disk_errors():
            while rest:  # a disk that fills up takes a part of them first
                rest = rest[self._target.write(rest) :]
        self._digest.update(data)
        self.size += len(data)

    def finish(self) -> CheckedFile:
        """The whole file, on the disk and looked at; RegistryError if it can't be a version."""
        with refusing_disk_errors():
            os.fsync(self._target.fileno())
        manifest = read_manifest_or_refuse(self.path)
        try:
            tensor_sha256 = verify_tensors(self.path)
        except ManifestError as error:
            raise RegistryError(error.code, error.detail) from None
        return CheckedFile(self.path, manifest, self.size, self._digest.hexdigest(), tensor_sha256)


@contextmanager
def incoming_file() -> Iterator[IncomingFile]:
    """An empty file beside the storage, gone afterwards unless it was moved."""
    with refusing_disk_errors():
        handle, name = tempfile.mkstemp(suffix=".safetensors", dir=incoming_folder())
    path = Path(name)
    try:
        with os.fdopen(handle, "wb", buffering=0) as target:  # nothing is left to write when it is closed
            yield IncomingFile(path, target)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def checked_copy(path: Path) -> Iterator[CheckedFile]:
    """A checked private copy of `path`, gone afterwards unless it was moved; RegistryError if unfit."""
    read_manifest_or_refuse(path)  # do not copy hundreds of megabytes that the header rules out
    with incoming_file() as incoming:
        with path.open("rb") as source:
            while chunk := source.read(CHUNK_BYTES):
                incoming.write(chunk)
        yield incoming.finish()


def incoming_folder() -> Path:
    """Where files wait; on the storage's own disk, so that a move is not a copy."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def refuse_without_room(announced_bytes: int) -> None:
    """RegistryError before a byte is read that the disk could not hold."""
    with refusing_disk_errors():
        free = shutil.disk_usage(incoming_folder()).free
    if announced_bytes > free:
        raise _disk_full()


def read_manifest_or_refuse(path: Path) -> Manifest:
    """The manifest of a file whose architecture is known here, or RegistryError."""
    try:
        manifest = read_manifest(path)
    except ManifestError as error:
        raise RegistryError(error.code, error.detail) from None
    except OSError as error:
        raise RegistryError("unreadable", f"The file can't be read: {error.strerror}.") from None
    if manifest.modality is Joining.FUSION:
        _refuse_unfit_fusion(path)
    elif not is_known_architecture(manifest.architecture):
        raise RegistryError(
            "unknown_architecture",
            f"The architecture {manifest.architecture[:80]!r} is not known here; known are "
            f"{', '.join(ARCHITECTURES)}, and ensembles of them.",
        )
    return manifest


def _refuse_unfit_fusion(path: Path) -> None:
    try:
        read_fusion(path)
    except ManifestError as error:
        raise RegistryError(error.code, error.detail) from None


def _disk_full() -> RegistryError:
    return RegistryError(
        "disk_full", "The server's disk is full: nothing was stored. Make room and try again."
    )


@contextmanager
def refusing_disk_errors() -> Iterator[None]:
    """Errors of the server's own disk become refusals in words."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise _disk_full() from None
        raise RegistryError("storage_error", f"The file can't be stored: {error.strerror}.") from None
