"""The path of an image when files lie in an object store: moto's server, in a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from backend.core.local_files import local_path
from backend.inference import engine
from tests.backend.inference.conftest import work_off
from tests.factories import browser, version_of
from tests.integration.object_store import BUCKET, Bucket, bucket
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    with bucket(tmp_path_factory.mktemp("store")) as made:
        yield made


@pytest.fixture
def in_the_store(store: Bucket, settings: LazySettings, tmp_path: Path) -> Bucket:
    options = {
        "bucket_name": BUCKET,
        "endpoint_url": store.settings["S3_ENDPOINT_URL"],
        "region_name": store.settings["S3_REGION"],
        "access_key": store.settings["S3_ACCESS_KEY"],
        "secret_key": store.settings["S3_SECRET_KEY"],
        "file_overwrite": False,
    }
    settings.DATA_DIR = tmp_path / "this-machine"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "backend.core.object_store.ObjectStore", "OPTIONS": options},
    }
    return store


def test_upload_answer_pictures_and_a_deletion_that_leaves_no_object(
    in_the_store: Bucket, checkpoints: dict[str, Path], django_capture_on_commit_callbacks
) -> None:
    version = version_of(checkpoints["2d"], activate=True)
    models = in_the_store.keys()
    assert models == {version.file.name}
    client = browser()
    address = client.post("/api/v1/analyses/", {"image_2d": upload(png(1))}, format="multipart")["Location"]
    engine._loaded.clear()
    work_off()
    [answer] = client.get(address).json()["predictions"]
    assert answer["state"] == "succeeded"
    kinds = {key.partition("/")[0] for key in in_the_store.keys() - models}
    assert kinds == {"images", "maps"}
    shown = [answer["image"], *filter(None, answer["cams"].values())]
    for where in (*shown, f"{shown[-1]}?style=overlay"):
        assert client.get(where).status_code == 200
        assert browser().get(where).status_code == 404
    copy = local_path(version.file.name)
    assert copy.read_bytes() == checkpoints["2d"].read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(address).status_code == 204
    assert in_the_store.keys() == models
