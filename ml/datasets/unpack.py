"""A downloaded archive into its folder: nothing outside it, nothing half-done."""

import errno
import shutil
import zipfile
from pathlib import Path, PurePosixPath

from ml.datasets.catalogue import DatasetError

MAX_UNPACKED_BYTES = 20 << 30  # no set of the catalogue comes near


def unpack(archive: Path, folder: Path) -> Path:
    """Unpacks a .zip into `folder` (which appears only when complete); any other file is copied there."""
    if folder.is_dir():
        return folder
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        if zipfile.is_zipfile(archive):
            _unzip(archive, part)
        else:
            shutil.copy2(archive, part / archive.name)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DatasetError(f"The disk that holds '{folder.parent}' is full: free some space.") from error
        raise
    except (zipfile.BadZipFile, DatasetError) as error:
        shutil.rmtree(part, ignore_errors=True)
        raise DatasetError(f"'{archive.name}' cannot be unpacked: {error}") from error
    part.rename(folder)
    return folder


def _unzip(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as content:
        total = sum(entry.file_size for entry in content.infolist())
        free = shutil.disk_usage(folder).free
        if total > min(free, MAX_UNPACKED_BYTES):
            raise DatasetError(f"it holds {total / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free.")
        for entry in content.infolist():
            if not _inside(entry.filename):
                raise DatasetError(f"it names the file '{entry.filename}', outside its folder.")
            if not entry.filename.startswith("__MACOSX/"):
                content.extract(entry, folder)


def _inside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and ":" not in name
