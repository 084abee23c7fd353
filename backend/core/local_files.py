"""Stored files that a library wants to open by path: the file itself, or a copy of an object."""

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage


def local_path(name: str) -> Path:
    """A path on this machine with the file's content; OSError when there is none.

    Names are never used twice, so a copy that is there is the right one; readers check its hash anyway."""
    try:
        return Path(default_storage.path(name))
    except NotImplementedError:  # an object store has no paths
        copy = _copy_path(name)
    if not copy.exists():
        _fetch(name, copy)
    return copy


def local_copy_forget(name: str) -> None:
    """Remove this machine's copy, if it has one."""
    _copy_path(name).unlink(missing_ok=True)


def _copy_path(name: str) -> Path:
    return Path(settings.DATA_DIR) / "copies" / name


def _fetch(name: str, copy: Path) -> None:
    """Several processes may fetch at once: each writes a draft of its own, and the last rename wins."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=copy.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as target, default_storage.open(name) as source:
            shutil.copyfileobj(source, target)
        Path(draft).replace(copy)
    finally:
        Path(draft).unlink(missing_ok=True)
