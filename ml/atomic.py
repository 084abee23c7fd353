"""Files that are either the old one or the whole new one, and a sentence when the disk is full. No torch."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ml.data.samples import DataError

_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def disk_full_message(folder: Path) -> Iterator[None]:
    """Turn "no space left" anywhere inside into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise DataError(
            f"The disk that holds '{folder}' is full. Free some space and start again."
        ) from error


def clear_dead_parts(folder: Path) -> None:
    """Remove what processes that were killed had half-written here; living ones are left alone."""
    for part in folder.glob(".*.part"):
        pid = part.name.removesuffix(".part").rpartition(".")[2]
        if not pid.isdigit() or _is_alive(int(pid)):
            continue
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        else:
            part.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """`write(part)` into a file beside `path`, flush it to the disk, then rename: old or new, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(part)
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> Path:
    """A UTF-8 text file in one piece; a full disk is a sentence."""
    with disk_full_message(path.parent):
        write_atomically(path, lambda part: part.write_text(text, encoding="utf-8"))
    return path
