"""Where a site keeps no images, none is left once it is answered:
in the storage, in a cache, by any address."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from backend.comparisons.services import _last_answered
from backend.inference import forgetting
from backend.inference.recovery import sweep
from backend.inference.report import pictures
from backend.registry.models import ModelVersion
from backend.site.models import SettingsChange, SiteSettings
from backend.site.services import site_settings_update
from backend.studies.models import UltrasoundImage
from tests.backend.inference.conftest import post, three_images, work_off
from tests.factories import browser, user_create
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db
ANALYSES = "/api/v1/analyses/"


@pytest.fixture
def no_store(db: None) -> None:
    site_settings_update(actor_id=user_create().pk, changes={"keep_images": False})


@pytest.fixture
def client(versions: dict[str, ModelVersion], no_store: None) -> APIClient:
    return browser(user_create())


def files(storage: Path) -> list[Path]:
    return list(storage.rglob("images/*.png"))


def send(client: APIClient, form: dict[str, object] | None = None) -> str:
    return str(post(client, form)["Location"])  # type: ignore[index]


def test_files_go_with_the_last_answer_and_not_before(
    client: APIClient, storage: Path, django_capture_on_commit_callbacks: Any
) -> None:
    address = send(client)
    shown = client.get(address).json()
    assert shown["images_kept"] is False
    picture = client.get(shown["predictions"][0]["image"])
    assert (picture.status_code, picture["Cache-Control"]) == (200, "private, no-store")
    b"".join(picture.streaming_content)
    assert len(files(storage)) == 3
    with django_capture_on_commit_callbacks(execute=True):
        work_off()
    assert files(storage) == []
    answered = client.get(address).json()
    assert answered["state"] == "succeeded"
    assert [one["image"] for one in answered["predictions"]] == [None] * 3
    assert all(one["width"] and one["probabilities"] for one in answered["predictions"])
    gone = client.get(shown["predictions"][0]["image"])
    assert (gone.status_code, gone.json()["code"]) == (404, "image_deleted")


def test_maps_stay_but_nothing_that_shows_the_image(
    client: APIClient, storage: Path, django_capture_on_commit_callbacks: Any
) -> None:
    address = send(client)
    with django_capture_on_commit_callbacks(execute=True):
        work_off()
    cams = client.get(address).json()["predictions"][0]["cams"]
    cam = next(url for url in cams.values() if url)
    heatmap = client.get(cam)
    assert (heatmap.status_code, heatmap["Cache-Control"]) == (200, "private, no-store")
    b"".join(heatmap.streaming_content)
    overlay = client.get(cam, {"style": "overlay"})
    assert (overlay.status_code, overlay.json()["code"]) == (404, "image_deleted")
    report = client.get(f"{address}report.pdf")
    assert report.status_code == 200
    assert report.content.startswith(b"%PDF")


def test_the_report_lays_the_map_over_black(
    client: APIClient, django_capture_on_commit_callbacks: Any
) -> None:
    address = send(client, {"image_2d": upload(png(1, 120, 90))})
    with django_capture_on_commit_callbacks(execute=True):
        work_off()
    image = UltrasoundImage.objects.get(case__analyses=address.rstrip("/").rsplit("/", 1)[-1])
    [prediction] = image.predictions.all()
    key = next(key for key in prediction.maps.values() if key)
    made = pictures.pictures_read(image, key)
    assert made.image is None
    assert made.overlay is not None
    assert made.overlay.size == (120, 90)


@pytest.mark.parametrize("how", ["cancelled", "failed"])
def test_files_go_with_any_end(
    how: str, client: APIClient, storage: Path, django_capture_on_commit_callbacks: Any
) -> None:
    if how == "failed":  # nobody could answer: the analysis ends at once
        ModelVersion.objects.update(state="checked")
    with django_capture_on_commit_callbacks(execute=True):
        address = send(client)
        if how == "cancelled":
            assert client.post(f"{address}cancel/").status_code == 200
    assert client.get(address).json()["state"] == how
    assert files(storage) == []


def test_the_sweep_deletes_what_a_dead_process_left(client: APIClient, storage: Path) -> None:
    first = send(client)
    work_off()  # without what follows the commit, as when the process dies there
    second = send(client, {"image_2d": upload(png(5))})
    assert len(files(storage)) == 4
    sweep()
    assert len(files(storage)) == 1  # the second still waits for its answer
    assert client.get(first).json()["predictions"][0]["image"] is None
    assert client.get(second).json()["predictions"][0]["image"] is not None


def test_a_file_that_cannot_be_deleted_is_tried_again(
    client: APIClient, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, {"image_2d": upload(png(1))})
    work_off()
    with monkeypatch.context() as patched:
        patched.setattr("backend.studies.services.stored_delete", lambda _key: False)
        assert forgetting.forget_answered() == 1
    assert UltrasoundImage.objects.get().file_deleted_at is None
    assert forgetting.forget_answered() == 1
    assert files(storage) == []
    assert forgetting.forget_answered() == 0


def test_the_promise_holds_for_what_was_sent_under_it(client: APIClient, storage: Path) -> None:
    send(client, {"image_2d": upload(png(1))})
    SiteSettings.objects.update(keep_images=True)
    kept = send(client, {"image_2d": upload(png(2))})
    work_off()
    sweep()
    assert len(files(storage)) == 1
    assert client.get(kept).json()["images_kept"] is True


def test_comparisons_pass_over_images_that_are_gone(client: APIClient) -> None:
    send(client, three_images())
    work_off()
    assert _last_answered("2d", 10) == []


def test_the_change_is_on_record(no_store: None) -> None:
    change = SettingsChange.objects.get()
    assert (change.field, change.old, change.new) == ("keep_images", True, False)
