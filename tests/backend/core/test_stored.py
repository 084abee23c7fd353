"""A file is in the storage whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from backend.core.models import LeftFile
from backend.core.stored import left_files_delete, store_whole, stored_delete


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


@pytest.mark.django_db
def test_what_the_storage_will_not_delete_is_tried_again(
    storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("images/one.png", "maps/p/1/benign.png", "maps/p/2/benign.png"):
        store_whole(name, ContentFile(b"whole"))
    with monkeypatch.context() as away:
        away.setattr(default_storage._wrapped, "delete", _refuse)
        assert not stored_delete("images/one.png")
        assert not stored_delete("images/one.png")
        assert not stored_delete("maps/p")
        assert left_files_delete() == 0
    assert LeftFile.objects.count() == 2
    assert left_files_delete() == 2
    assert not list(storage.rglob("*.png"))
    assert left_files_delete() == 0


def _refuse(name: str) -> None:
    raise OSError(5, "no answer")
