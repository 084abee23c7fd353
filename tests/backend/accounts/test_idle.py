"""A session that nobody uses ends; what the page asks by itself is no sign of life."""

import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from rest_framework.test import APIClient

from backend.accounts.idle import SEEN_AT
from tests.factories import browser, program, user_create

pytestmark = pytest.mark.django_db
SESSION, ANALYSES = "/api/v1/auth/session/", "/api/v1/analyses/"
MINUTE = 60


@pytest.fixture(autouse=True)
def _half_an_hour(settings: LazySettings) -> None:
    settings.IDLE_SIGN_OUT_MINUTES = 30


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it with minutes: so much later it is then."""
    now = [time.time()]
    monkeypatch.setattr("backend.accounts.idle.time.time", lambda: now[0])

    def pass_by(minutes: float) -> None:
        now[0] += minutes * MINUTE

    return pass_by


def is_in(client: APIClient) -> bool:
    return client.get(SESSION, headers={"x-background": "1"}).json()["user"] is not None


def test_the_page_learns_the_time() -> None:
    assert browser().get(SESSION).json()["idle_sign_out_minutes"] == 30


def test_whoever_works_stays_signed_in(clock: Any) -> None:
    client = browser(user_create())
    for _ in range(5):
        clock(20)
        assert client.get(ANALYSES).status_code == 200
    assert is_in(client)


def test_nobody_there_means_signed_out(clock: Any) -> None:
    client = browser(user_create())
    clock(30)
    answer = client.get(ANALYSES)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out_idle")
    assert answer["Content-Type"] == "application/problem+json"
    assert not is_in(client)
    assert not Session.objects.exists()


def test_a_session_that_was_never_used_ends_too(clock: Any) -> None:
    client = browser(user_create())
    clock(31)
    assert client.get(SESSION).json()["user"] is None


def test_polls_do_not_count(clock: Any) -> None:
    client = browser(user_create())
    for _ in range(29):
        clock(1)
        assert client.get(ANALYSES, headers={"x-background": "1"}).status_code == 200
    clock(1)
    answer = client.get(ANALYSES, headers={"x-background": "1"})
    assert answer.json()["code"] == "signed_out_idle"


def test_not_every_click_writes(clock: Any) -> None:
    client = browser(user_create())
    before = client.session[SEEN_AT]
    clock(0.1)
    client.get(ANALYSES)
    assert client.session[SEEN_AT] == before
    clock(2)
    client.get(ANALYSES)
    assert client.session[SEEN_AT] > before


def test_one_can_sign_in_again_at_once(clock: Any) -> None:
    user = user_create()
    client = browser(user)
    clock(40)
    assert client.get(ANALYSES).status_code == 401
    assert is_in(browser(user))


def test_the_admin_is_closed_as_well(clock: Any) -> None:
    client = browser(user_create(is_superuser=True))
    assert client.get("/admin/").status_code == 200
    clock(30)
    answer = client.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/")


def test_programs_have_no_session_to_end(clock: Any) -> None:
    script = program(user_create())
    clock(300)
    assert script.get(ANALYSES).status_code == 200


def test_it_can_be_off(clock: Any, settings: LazySettings) -> None:
    settings.IDLE_SIGN_OUT_MINUTES = 0
    client = browser(user_create())
    clock(24 * 60)
    assert is_in(client)
