"""An object store that refuses or is not there fails as a disk does; nothing in it has an address."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile

from backend.config.settings.stores import file_storages
from backend.core.object_store import ObjectStore
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


def test_nothing_has_an_address(nowhere: ObjectStore) -> None:
    with pytest.raises(ValueError, match="not accessible"):
        nowhere.url("a")


def test_settings_without_a_bucket_or_of_an_unknown_kind_stop_the_start(tmp_path) -> None:
    with pytest.raises(ImproperlyConfigured, match="S3_BUCKET"):
        file_storages("s3", tmp_path)
    with pytest.raises(ImproperlyConfigured, match="'tape'"):
        file_storages("tape", tmp_path)
