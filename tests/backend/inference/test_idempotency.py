"""The same key gives one analysis."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from backend.accounts.ownership import Owner
from backend.inference import services
from backend.inference.idempotency import ABANDONED_AFTER, RequestKey, key_reserved, scope_of
from backend.inference.models import Analysis, KeyReservation
from backend.registry.models import ModelVersion
from backend.studies.models import UltrasoundImage
from tests.backend.inference.conftest import post, three_images
from tests.factories import browser, program, user_create
from tests.pictures import png, upload

pytestmark = pytest.mark.django_db


def test_the_same_request_again_is_the_first_analysis_again(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    first = post(client, HTTP_IDEMPOTENCY_KEY="key-1")
    second = post(client, HTTP_IDEMPOTENCY_KEY="key-1")
    assert "Idempotent-Replay" not in first
    assert (second.status_code, second["Idempotent-Replay"]) == (202, "true")
    assert second.json()["id"] == first.json()["id"]
    assert (Analysis.objects.count(), UltrasoundImage.objects.count()) == (1, 3)
    assert not KeyReservation.objects.exists()


def test_a_repeated_request_is_answered_even_when_the_queue_is_full(
    versions: dict[str, ModelVersion], settings: LazySettings
) -> None:
    client = browser()
    settings.MAX_QUEUED_IMAGES = 3
    first = post(client, HTTP_IDEMPOTENCY_KEY="key-1")
    assert post(client, HTTP_IDEMPOTENCY_KEY="key-2").status_code == 503
    again = post(client, HTTP_IDEMPOTENCY_KEY="key-1")
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])


@pytest.mark.parametrize(
    "change",
    [
        {"case_label": "other"},
        {"image_2d": lambda: upload(png(99))},
        {"region_2d": "0,0,40,40"},
        {"image_cdfi": None},
    ],
)
def test_another_content_under_the_same_key_is_refused(versions: dict[str, ModelVersion], change) -> None:
    client = browser()
    post(client, HTTP_IDEMPOTENCY_KEY="key-1")
    form = {
        **three_images(),
        **{name: value() if callable(value) else value for name, value in change.items()},
    }
    answer = post(
        client, {name: value for name, value in form.items() if value}, HTTP_IDEMPOTENCY_KEY="key-1"
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Analysis.objects.count() == 1


def test_keys_are_the_owners_own(versions: dict[str, ModelVersion]) -> None:
    clients = [browser(), browser(), program(user_create()), program(user_create())]
    answers = [post(client, HTTP_IDEMPOTENCY_KEY="the-same") for client in clients]
    assert len({answer.json()["id"] for answer in answers}) == 4


def test_while_the_first_is_being_answered_the_second_is_told_to_wait(
    versions: dict[str, ModelVersion],
) -> None:
    user = user_create()
    client = program(user)
    digest = post(client, HTTP_IDEMPOTENCY_KEY="other") and Analysis.objects.get().request_digest
    with key_reserved(RequestKey(scope_of(Owner(user=user)), "busy", digest)):
        waiting = post(client, HTTP_IDEMPOTENCY_KEY="busy")
        different = post(client, {"image_2d": upload(png())}, HTTP_IDEMPOTENCY_KEY="busy")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "idempotency_key_in_flight")
    assert waiting["Retry-After"] == "1"
    assert (different.status_code, different.json()["code"]) == (422, "idempotency_key_reused")
    assert post(client, HTTP_IDEMPOTENCY_KEY="busy").status_code == 202


def test_a_refused_request_does_not_use_up_its_key(versions: dict[str, ModelVersion]) -> None:
    client = browser()
    assert post(client, {"image_2d": upload(b"broken")}, HTTP_IDEMPOTENCY_KEY="key").status_code == 422
    assert post(client, {"image_2d": upload(png())}, HTTP_IDEMPOTENCY_KEY="key").status_code == 202


def test_a_reservation_of_a_dead_process_does_not_block_for_ever(versions: dict[str, ModelVersion]) -> None:
    user = user_create()
    KeyReservation.objects.create(scope=scope_of(Owner(user=user)), key="key", request_digest="x")
    KeyReservation.objects.update(created_at=timezone.now() - ABANDONED_AFTER - timedelta(seconds=1))
    assert post(program(user), HTTP_IDEMPOTENCY_KEY="key").status_code == 202


def test_the_database_has_the_last_word(
    versions: dict[str, ModelVersion], monkeypatch: pytest.MonkeyPatch, storage
) -> None:
    """Another request commits between our look and our insert: its analysis is the answer, our files go."""
    client = program(user_create())
    first = post(client, HTTP_IDEMPOTENCY_KEY="key").json()
    looks = iter([None])
    original = services.analysis_of_key
    monkeypatch.setattr(services, "analysis_of_key", lambda key: _once(looks, original, key))
    second = post(client, HTTP_IDEMPOTENCY_KEY="key")
    assert (second.json()["id"], second["Idempotent-Replay"]) == (first["id"], "true")
    assert len(list(storage.rglob("images/*.png"))) == 3


def _once(looks, original, key):
    """Sees nothing the first time, the truth from then on."""
    try:
        return next(looks)
    except StopIteration:
        return original(key)
