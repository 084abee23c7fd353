"""Files that are in the storage whole or not at all."""

import logging

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import DatabaseError

from backend.core.models import LeftFile

AT_ONCE = 200
SPOOL = "spool"  # pictures that nobody may see before they are masked: never served, never backed up
logger = logging.getLogger(__name__)


class StoreError(OSError):
    """The object store refused or did not answer. An OSError, as a full disk is: callers know one kind."""


def store_whole(name: str, content: File) -> str:
    """Save under a name that was never used; where that fails or is broken off, half a file does not stay."""
    try:
        return default_storage.save(name, content)
    except BaseException:
        stored_delete(name)
        raise


def stored_delete(name: str) -> bool:
    """Delete from the storage. What can't be deleted (False) hinders nothing else and is tried again."""
    try:
        default_storage.delete(name)
    except OSError:
        left_behind(name)
        return False
    return True


def left_behind(name: str) -> None:
    """Called where deleting `name` (a file, or a folder with all that is in it) has just failed."""
    logger.exception("it could not be deleted from the storage, and is tried again: %s", name)
    try:
        LeftFile.objects.get_or_create(name=name)
    except DatabaseError:
        logger.exception("nor could that be written down: %s", name)


def left_files_delete() -> int:
    """Try again; how many are gone now. Called from time to time."""
    gone = [left.name for left in LeftFile.objects.order_by("created_at")[:AT_ONCE] if _gone(left.name)]
    LeftFile.objects.filter(name__in=gone).delete()
    return len(gone)


def _gone(name: str) -> bool:
    try:
        _tree_delete(name)
    except OSError:
        return False
    return True


def _tree_delete(name: str) -> None:
    try:
        folders, files = default_storage.listdir(name)
    except (FileNotFoundError, NotADirectoryError):
        folders, files = [], []
    for inside in (*folders, *files):
        _tree_delete(f"{name}/{inside}")
    default_storage.delete(name)
