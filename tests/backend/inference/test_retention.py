"""Anonymous work goes after a day; an account's stays."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from backend.inference.models import Analysis, KeyReservation
from backend.inference.recovery import sweep
from backend.inference.retention import anonymous_purge
from backend.registry.models import ModelVersion
from backend.studies.models import Case
from tests.backend.inference.conftest import post, work_off
from tests.factories import browser, user_create
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db


def test_only_old_anonymous_work_is_deleted(
    versions: dict[str, ModelVersion], storage: Path, django_capture_on_commit_callbacks
) -> None:
    user = user_create()
    old = post(browser(), {"image_2d": upload(png(1))}).json()["id"]
    kept = [post(client, {"image_2d": upload(png(2))}).json()["id"] for client in (browser(user), browser())]
    work_off()
    Case.objects.filter(analyses__in=[old, kept[0]]).update(created_at=timezone.now() - timedelta(hours=25))
    empty = Case.objects.create(anonymous_id="7b0b3a1e-0000-4000-8000-000000000000")
    Case.objects.filter(pk=empty.pk).update(created_at=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        assert anonymous_purge() == 2
    assert {str(pk) for pk in Analysis.objects.values_list("pk", flat=True)} == set(kept)
    assert len(list(storage.rglob("images/*.png"))) == 2
    assert len(list((storage / "maps").iterdir())) == 2


def test_reservations_that_were_left_behind_go_too(db: None) -> None:
    KeyReservation.objects.create(scope="user:1", key="key", request_digest="x")
    KeyReservation.objects.update(created_at=timezone.now() - timedelta(hours=1))
    anonymous_purge()
    assert not KeyReservation.objects.exists()


def test_a_case_deleted_while_the_storage_is_away_leaves_nothing_once_it_is_back(
    versions: dict[str, ModelVersion],
    storage: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks,
) -> None:
    def away(*args: object) -> None:
        raise OSError(5, "no answer")

    client = browser(user_create())
    address = post(client, {"image_2d": upload(png(1))})["Location"]
    work_off()
    with monkeypatch.context() as patched:
        for verb in ("delete", "listdir"):
            patched.setattr(default_storage._wrapped, verb, away)
        with django_capture_on_commit_callbacks(execute=True):
            assert client.delete(address).status_code == 204
    assert list(storage.rglob("*.png"))
    sweep()
    assert not list(storage.rglob("*.png"))
