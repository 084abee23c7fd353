"""Files that are in the storage whole or not at all."""

import logging

from django.core.files.base import File
from django.core.files.storage import default_storage

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
    """Delete from the storage; what can't be deleted (False) is heard in the log and hinders nothing else."""
    try:
        default_storage.delete(name)
    except OSError:
        logger.exception("a file could not be deleted from the storage: %s", name)
        return False
    return True
