"""A file is in the storage whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File

from backend.core.stored import store_whole, stored_delete


class Breaking(ContentFile):
    """Gives its first bytes, then what stops it."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(b"")
        self._error = error

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise self._error


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_half_a_file_does_not_stay(storage: Path, error: BaseException) -> None:
    with pytest.raises(type(error)):
        store_whole("images/half.png", Breaking(error))
    assert not list(storage.rglob("*.png"))


def test_a_whole_file_stays_until_it_is_deleted(storage: Path) -> None:
    content: File = ContentFile(b"whole")
    assert store_whole("images/whole.png", content) == "images/whole.png"
    assert (storage / "images" / "whole.png").read_bytes() == b"whole"
    stored_delete("images/whole.png")
    stored_delete("images/whole.png")  # again: nothing to say
    assert not list(storage.rglob("*.png"))
