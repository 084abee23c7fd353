"""Text in an image is covered before anyone can read the image: where it waits, what comes out, what is left.

The finder and the files are real; where a process has to die or a finder to fail, that alone is arranged."""

import io
import itertools
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.storage import FileSystemStorage
from PIL import Image, ImageChops
from rest_framework.test import APIClient

from backend.core.backup import stored_files
from backend.core.models import LeftFile
from backend.inference import masking
from backend.inference.models import Prediction
from backend.inference.recovery import sweep
from backend.inference.retention import anonymous_purge
from backend.registry.models import ModelVersion
from backend.site.services import site_settings_update
from backend.studies import spool
from backend.studies.models import Case, UltrasoundImage
from backend.studies.validation import pixels_sha256
from ml.overlays import find as finder
from ml.overlays.boxes import Box
from tests.backend.inference.conftest import post, work_off
from tests.factories import browser, user_create
from tests.pictures import encoded, upload
from tests.written_pictures import is_covered, written_picture

pytestmark = pytest.mark.django_db
LONG_AGO = "2020-01-01T00:00:00Z"


class Killed(BaseException):
    """What a worker dies of: nothing of it runs afterwards."""


@pytest.fixture
def client(versions: dict[str, ModelVersion], settings: LazySettings) -> APIClient:
    settings.MASK_TEXT = True
    return browser(user_create())


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    """`with commits():` runs what follows a commit, as outside of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def send(client: APIClient) -> str:
    """The address of an analysis of one image with a name in it."""
    return str(post(client, {"image_2d": upload(encoded(written_picture()))})["Location"])  # type: ignore[index]


def shown(client: APIClient, address: str) -> dict[str, Any]:
    return client.get(address).json()["predictions"][0]  # type: ignore[no-any-return]


def image_answer(client: APIClient) -> Any:
    return client.get(f"/api/v1/predictions/{Prediction.objects.get().pk}/image.png")


def picture_of(answer: Any) -> Image.Image:
    return Image.open(io.BytesIO(b"".join(answer.streaming_content)))


def stored(storage: Path) -> list[str]:
    """The folders of all pictures that came from an upload."""
    found = (path.relative_to(storage) for path in storage.rglob("*.png"))
    return sorted(path.parts[0] for path in found if path.parts[0] != "maps")


def worker_dies(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(where, die)
        with pytest.raises(Killed):
            work_off()


def next_attempt() -> None:
    Prediction.objects.filter(state="running").update(lease_expires_at=LONG_AGO)
    sweep()
    work_off()


def test_it_waits_where_nobody_reads(client: APIClient, storage: Path) -> None:
    address = send(client)
    assert stored(storage) == ["spool"]
    waiting = shown(client, address)
    assert (waiting["masking"], waiting["image"], waiting["masked_boxes"]) == ("pending", None, 0)
    refused = image_answer(client)
    assert (refused.status_code, refused.json()["code"]) == (404, "image_not_ready")
    assert int(refused["Retry-After"]) > 0
    assert client.get(f"{address}report.pdf").status_code == 409
    assert not any("spool" in name for name in stored_files())  # what a backup copies
    image = UltrasoundImage.objects.get()
    assert image.key == ""  # whoever reads an image by its key finds nothing


def test_it_comes_out_masked_and_nothing_else_of_it_changes(client: APIClient, storage: Path) -> None:
    address = send(client)
    work_off()
    done = shown(client, address)
    assert (done["state"], done["masking"]) == ("succeeded", "done")
    assert done["masked_boxes"] > 0
    assert done["timings_ms"]["masking"] > 0
    served = picture_of(client.get(done["image"]))
    image = UltrasoundImage.objects.get()
    assert image.sha256 == pixels_sha256(served)
    assert stored(storage) == ["images"]
    assert image.spool == ""
    assert is_covered(served)
    outside = ImageChops.difference(served, written_picture())
    for x, y, width, height in image.masked_boxes:
        outside.paste((0, 0, 0), (x, y, x + width, y + height))
    assert outside.getbbox() is None


def test_the_model_sees_what_people_see(client: APIClient, settings: LazySettings) -> None:
    address = send(client)
    work_off()
    masked = shown(client, address)
    served = b"".join(client.get(masked["image"]).streaming_content)
    settings.MASK_TEXT = False
    unmasked = str(post(client, {"image_2d": upload(served)})["Location"])  # type: ignore[index]
    work_off()
    again = shown(client, unmasked)
    assert again["masking"] == "off"
    assert again["probabilities"] == masked["probabilities"]


@pytest.mark.parametrize("by", ["environment", "site"])
def test_where_it_is_off_the_image_is_kept_as_it_was_sent(
    by: str, client: APIClient, settings: LazySettings, storage: Path
) -> None:
    if by == "environment":
        settings.MASK_TEXT = False
    else:
        site_settings_update(actor_id=user_create().pk, changes={"mask_text": False})
    address = send(client)
    assert stored(storage) == ["images"]
    assert ImageChops.difference(picture_of(image_answer(client)), written_picture()).getbbox() is None
    work_off()
    after = shown(client, address)
    assert (after["masking"], after["masked_boxes"], after["timings_ms"]["masking"]) == ("off", 0, 0)


def test_text_that_stays_fails_the_image_and_nobody_has_seen_it(
    client: APIClient, storage: Path, monkeypatch: pytest.MonkeyPatch, commits: Any
) -> None:
    tops = itertools.count(100, 40)
    monkeypatch.setattr(finder, "text_boxes", lambda _picture: [Box(20, next(tops), 200, 20)])
    address = send(client)
    with commits():
        work_off()
    failed = shown(client, address)
    assert (failed["state"], failed["failure"]["code"]) == ("failed", "masking_failed")
    assert (failed["masking"], failed["image"]) == ("dropped", None)
    assert stored(storage) == []
    assert image_answer(client).json()["code"] == "image_dropped"
    assert client.get(f"{address}report.pdf").status_code == 200


def test_what_the_first_round_leaves_the_second_one_covers(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = finder.text_boxes, []

    def finds_too_little(picture: Image.Image) -> Any:
        calls.append(picture)
        return real(picture)[:1] if len(calls) == 1 else real(picture)

    monkeypatch.setattr(finder, "text_boxes", finds_too_little)
    address = send(client)
    work_off()
    assert shown(client, address)["masking"] == "done"
    assert is_covered(picture_of(image_answer(client)))
    assert len(calls) <= masking.ROUNDS + 1


def test_a_finder_that_breaks_lets_nothing_out(
    client: APIClient, storage: Path, monkeypatch: pytest.MonkeyPatch, commits: Any
) -> None:
    def broken(_picture: Image.Image) -> Any:
        raise OSError("its model is gone")

    monkeypatch.setattr(finder, "text_boxes", broken)
    address = send(client)
    with commits():
        work_off()
    assert shown(client, address)["failure"]["code"] == "masking_failed"
    assert stored(storage) == []


def test_a_worker_that_dies_before_the_row_leaves_the_next_one_all_to_do(
    client: APIClient, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = send(client)
    worker_dies(monkeypatch, "backend.studies.spool.pixels_sha256")
    assert stored(storage) == ["images", "spool"]  # masked, but not yet to be read
    assert image_answer(client).json()["code"] == "image_not_ready"
    next_attempt()
    assert shown(client, address)["state"] == "succeeded"
    assert stored(storage) == ["images"]
    assert is_covered(picture_of(image_answer(client)))


def test_a_worker_that_dies_after_the_row_leaves_the_sweep_the_unmasked_file(
    client: APIClient, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = send(client)
    worker_dies(monkeypatch, "backend.inference.masking.spool_empty")
    assert stored(storage) == ["images", "spool"]
    assert is_covered(picture_of(image_answer(client)))
    sweep()
    assert stored(storage) == ["images"]
    next_attempt()
    assert shown(client, address)["state"] == "succeeded"


def test_two_attempts_at_once_let_out_one_picture(
    client: APIClient, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one hangs while it covers the text, a second one runs to its end meanwhile."""
    address, real = send(client), masking.covered

    def hangs(picture: Image.Image) -> Any:
        monkeypatch.setattr(masking, "covered", real)
        next_attempt()
        return real(picture)

    monkeypatch.setattr(masking, "covered", hangs)
    work_off()
    assert shown(client, address)["state"] == "succeeded"
    assert stored(storage) == ["images"]
    assert is_covered(picture_of(image_answer(client)))


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_cancelled_it_is_deleted_unseen(
    when: str, client: APIClient, storage: Path, monkeypatch: pytest.MonkeyPatch, commits: Any
) -> None:
    address, real = send(client), masking.covered

    def cancel() -> None:
        with commits():
            assert client.post(f"{address}cancel/").status_code == 200

    def cancelled_meanwhile(picture: Image.Image) -> Any:
        cancel()
        return real(picture)

    if when == "before":
        cancel()
    else:
        monkeypatch.setattr(masking, "covered", cancelled_meanwhile)
        work_off()
    assert stored(storage) == []
    assert (shown(client, address)["state"], shown(client, address)["masking"]) == ("cancelled", "dropped")
    assert image_answer(client).json()["code"] == "image_dropped"


def test_deleted_and_expired_it_leaves_no_file(
    client: APIClient, storage: Path, monkeypatch: pytest.MonkeyPatch, commits: Any
) -> None:
    address = send(client)
    worker_dies(monkeypatch, "backend.studies.spool.pixels_sha256")
    with commits():
        assert client.delete(address).status_code == 204
    assert stored(storage) == []
    send(browser())
    Case.objects.update(created_at=LONG_AGO)
    with commits():
        assert anonymous_purge() == 1
    assert stored(storage) == []


def test_where_nobody_answers_it_is_deleted_unseen(client: APIClient, storage: Path, commits: Any) -> None:
    ModelVersion.objects.update(state="checked")
    with commits():
        address = send(client)
    assert shown(client, address)["masking"] == "dropped"
    assert stored(storage) == []


def test_where_no_image_is_kept_none_is_left_of_either_kind(
    client: APIClient, storage: Path, commits: Any
) -> None:
    site_settings_update(actor_id=user_create().pk, changes={"keep_images": False})
    address = send(client)
    with commits():
        work_off()
    after = shown(client, address)
    assert (after["state"], after["masking"], after["image"]) == ("succeeded", "done", None)
    assert stored(storage) == []


def test_an_unmasked_file_that_cannot_be_deleted_is_tried_again(
    client: APIClient, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(_storage: FileSystemStorage, name: str) -> None:
        raise PermissionError(13, f"{name} stays")

    send(client)
    with monkeypatch.context() as patched:
        patched.setattr(FileSystemStorage, "delete", refuses)
        work_off()
    assert stored(storage) == ["images", "spool"]
    assert LeftFile.objects.filter(name__startswith="spool/").count() == 1
    sweep()
    assert stored(storage) == ["images"]
    assert UltrasoundImage.objects.get().spool == ""


def test_files_without_a_row_go_after_a_while(client: APIClient, storage: Path) -> None:
    send(client)
    (storage / "spool" / "stray.png").write_bytes(b"a request died before its rows")
    assert spool.strays_delete() == 0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spool, "STRAY_AFTER", -spool.STRAY_AFTER)
        assert spool.strays_delete() == 1
    assert stored(storage) == ["spool"]
    work_off()
    assert is_covered(picture_of(image_answer(client)))
