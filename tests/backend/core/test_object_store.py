"""An object store that refuses or is not there fails as a disk does; nothing in it has an address."""

import socket
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from backend.config.settings.stores import file_storages
from backend.core import object_store
from backend.core.object_store import ObjectStore
from backend.core.stored import StoreError
from tests.integration.object_store import BUCKET, bucket
from tests.integration.processes import free_port


@pytest.fixture
def nowhere() -> ObjectStore:
    return ObjectStore(
        bucket_name="b",
        endpoint_url=f"http://127.0.0.1:{free_port()}",
        region_name="us-east-1",
        access_key="k",
        secret_key="s",
    )


def test_what_does_not_answer_is_an_error_of_the_storage(nowhere: ObjectStore) -> None:
    for attempt in (
        lambda: nowhere.save("a", ContentFile(b"x")),
        lambda: nowhere.open("a"),
        lambda: nowhere.delete("a"),
        lambda: nowhere.listdir("a"),
    ):
        with pytest.raises(OSError, match="object store does not answer"):
            attempt()


def test_what_breaks_off_in_the_middle_is_one_too(tmp_path: Path) -> None:
    fault = tmp_path / "fault"
    with bucket(tmp_path, fault) as made:
        store = ObjectStore(
            bucket_name=BUCKET,
            endpoint_url=made.settings["S3_ENDPOINT_URL"],
            access_key=made.settings["S3_ACCESS_KEY"],
            secret_key=made.settings["S3_SECRET_KEY"],
        )
        store.save("a", ContentFile(b"whole" * 1000))
        fault.write_text("half")
        with pytest.raises(StoreError, match="RetriesExceededError"):
            store.open("a")
        fault.write_text("503")
        with pytest.raises(StoreError, match="object store says 503"):
            store.open("a")
        fault.write_text("")
        assert store.open("a").read() == b"whole" * 1000


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ObjectStore]:
    """The product's own settings for a store that takes connections and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    monkeypatch.setenv("S3_BUCKET", BUCKET)
    monkeypatch.setenv("S3_ENDPOINT_URL", f"http://127.0.0.1:{listener.getsockname()[1]}")
    monkeypatch.setenv("S3_REGION", "us-east-1")
    monkeypatch.setenv("S3_ACCESS_KEY", "k")
    monkeypatch.setenv("S3_SECRET_KEY", "s")
    monkeypatch.setattr(object_store, "_silence", object_store._Silence())
    yield ObjectStore(**file_storages("s3", tmp_path)["default"]["OPTIONS"])
    listener.close()


@pytest.mark.parametrize("how", ["open", "save", "delete"])
def test_silence_is_over_within_ten_seconds_and_is_not_waited_for_twice(
    silent: ObjectStore, how: str
) -> None:
    calls = {
        "open": lambda: silent.open("a"),
        "save": lambda: silent.save("a", ContentFile(b"x")),
        "delete": lambda: silent.delete("a"),
    }
    began = monotonic()
    with pytest.raises(StoreError, match=r"TimeoutError|RetriesExceeded"):
        calls[how]()
    first = monotonic() - began
    for call in calls.values():
        with pytest.raises(StoreError, match="has just not answered"):
            call()
    assert first < 11
    assert monotonic() - began < first + 1


def test_nothing_has_an_address(nowhere: ObjectStore) -> None:
    with pytest.raises(ValueError, match="not accessible"):
        nowhere.url("a")


def test_settings_without_a_bucket_or_of_an_unknown_kind_stop_the_start(tmp_path) -> None:
    with pytest.raises(ImproperlyConfigured, match="S3_BUCKET"):
        file_storages("s3", tmp_path)
    with pytest.raises(ImproperlyConfigured, match="'tape'"):
        file_storages("tape", tmp_path)
