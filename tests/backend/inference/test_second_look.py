"""The look for burned-in text comes after the answer, adds to it, and never changes it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from backend.inference import engine, second_look, text_checks
from backend.inference.models import Prediction
from backend.registry.models import ModelVersion
from backend.site.models import SiteSettings
from ml.overlays.reliance import RELIES_FROM
from ml.phantoms.render import render_case
from ml.predict import Result
from tests.backend.inference.conftest import post, work_off
from tests.factories import browser, user_create
from tests.pictures import encoded, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def text_check(settings: Any) -> None:
    settings.TEXT_CHECK = True


@pytest.fixture
def client() -> APIClient:
    return browser(user_create())


def answered(client: APIClient, **form: str) -> dict[str, Any]:
    """A SYNTHETIC 2D image, sent and answered; its analysis."""
    image = render_case(3_200_000_001, "benign", size=(320, 240), modalities=["2d"], stamp=True)["2d"].image
    location = post(client, {"image_2d": upload(encoded(image)), **form})["Location"]
    work_off()
    return client.get(location).json()


def again(client: APIClient, analysis: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/v1/analyses/{analysis['id']}/").json()["predictions"][0]
    return found


def test_the_answer_is_there_before_the_look_and_the_look_adds_to_it(
    client: APIClient, versions: dict[str, ModelVersion]
) -> None:
    analysis = answered(client)
    before = analysis["predictions"][0]
    assert (analysis["state"], before["text_check"]["state"]) == ("succeeded", "pending")
    assert second_look.look(Prediction.objects.get().pk)
    after = again(client, analysis)
    check = after["text_check"]
    assert check["state"] == "done"
    assert check["boxes"]["text"]
    assert 0 <= check["reliance"] <= 1
    assert check["attention"] is None or 0 <= check["attention"]["text"] <= 1
    assert {**after, "text_check": None, "flags": []} == {**before, "text_check": None, "flags": []}


def test_a_second_message_does_nothing(client: APIClient, versions: dict[str, ModelVersion]) -> None:
    answered(client)
    pk = Prediction.objects.get().pk
    assert second_look.look(pk)
    assert not second_look.look(pk)


def test_an_answer_that_rests_on_print_is_flagged(
    client: APIClient, versions: dict[str, ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = answered(client)
    first = analysis["predictions"][0]["probabilities"]
    most = max(first, key=first.__getitem__)
    other = dict.fromkeys(first, 0.0) | {min(first, key=first.__getitem__): 1.0}
    real = engine.answers

    def moved(version: ModelVersion, images: Any) -> list[Result]:
        return [replace(result, probabilities=other) for result in real(version, images)]

    monkeypatch.setattr(engine, "answers", moved)
    Prediction.objects.update(probabilities={name: float(name == most) for name in first})
    assert second_look.look(Prediction.objects.get().pk)
    flags = [flag for flag in again(client, analysis)["flags"] if flag["code"] == "text_reliance"]
    assert [flag["reliance"] for flag in flags] == [1.0]


def test_below_the_threshold_there_is_no_flag() -> None:
    assert second_look.text_flags(None) == []
    assert second_look.text_flags(RELIES_FROM - 0.01) == []
    assert [flag["code"] for flag in second_look.text_flags(RELIES_FROM)] == ["text_reliance"]


def test_an_image_that_is_gone_is_not_checked_and_keeps_its_answer(
    client: APIClient, versions: dict[str, ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_key: str) -> None:
        raise FileNotFoundError

    analysis = answered(client)
    monkeypatch.setattr(second_look, "picture_read", gone)
    assert second_look.look(Prediction.objects.get().pk)
    after = again(client, analysis)
    assert (after["state"], after["text_check"]["state"]) == ("succeeded", "failed")


def test_a_site_may_do_without(client: APIClient, versions: dict[str, ModelVersion], settings: Any) -> None:
    settings.TEXT_CHECK = False
    assert answered(client)["predictions"][0]["text_check"] is None


def test_the_message_is_sent_when_the_answer_is_written(
    client: APIClient,
    versions: dict[str, ModelVersion],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(second_look, "hint_send", lambda _task, pk: sent.append(pk))
    with django_capture_on_commit_callbacks(execute=True):
        answered(client)
    assert sent == [str(Prediction.objects.get().pk)]


def test_a_check_whose_message_got_lost_is_asked_for_again_and_given_up_in_the_end(
    client: APIClient, versions: dict[str, ModelVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = answered(client)
    sent: list[str] = []
    monkeypatch.setattr(text_checks, "hint_send", lambda _, pk: sent.append(pk))
    text_checks.text_checks_ask_again()
    assert not sent  # its own message may still come
    row = Prediction.objects.get()
    Prediction.objects.update(text_check_due=timezone.now() - timedelta(seconds=1))
    text_checks.text_checks_ask_again()
    text_checks.text_checks_ask_again()
    assert sent == [str(row.pk)]
    late = timezone.now() - text_checks.GIVE_UP - timedelta(minutes=1)
    Prediction.objects.update(text_check_due=late, finished_at=late)
    text_checks.text_checks_ask_again()
    assert len(sent) == 1
    assert again(client, analysis)["text_check"]["state"] == "failed"
    assert not second_look.look(row.pk)


def test_an_image_that_is_not_kept_is_not_looked_at_again(
    client: APIClient, versions: dict[str, ModelVersion]
) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"keep_images": False})
    assert answered(client)["predictions"][0]["text_check"] is None
    assert Prediction.objects.get().text_check_due is None
