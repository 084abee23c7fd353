"""Who owns what, and who may come in at all."""

import io
import uuid

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory
from rest_framework.test import APIClient

from backend.accounts.ownership import Owner, owner_of
from tests.factories import browser, program, user_create

pytestmark = pytest.mark.django_db


def request_of(user: object = None, session: SessionStore | None = None) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()  # type: ignore[assignment]
    request.session = session or SessionStore()
    return request


def test_an_account_owns_its_work() -> None:
    user = user_create()
    assert owner_of(request_of(user), create=True) == Owner(user=user)


def test_a_visitor_is_nobody_until_something_is_made() -> None:
    request = request_of()
    assert owner_of(request).is_nobody
    assert request.session.is_empty()
    made = owner_of(request, create=True)
    assert made.anonymous_id is not None
    assert owner_of(request) == made
    assert owner_of(request, create=True) == made


def test_two_browsers_are_two_owners() -> None:
    assert owner_of(request_of(), create=True) != owner_of(request_of(), create=True)


def test_an_account_does_not_see_the_rest_of_its_browser() -> None:
    session = SessionStore()
    owner_of(request_of(session=session), create=True)
    user = user_create()
    assert owner_of(request_of(user, session)) == Owner(user=user)


def test_nobody_owns_nothing() -> None:
    from backend.accounts.models import ApiToken  # noqa: PLC0415 (any table serves)

    user_create()
    assert str(Owner().as_filter()) != ""
    assert not ApiToken.objects.filter(Owner().as_filter()).exists()


def test_a_claimed_row_is_out_of_reach_of_its_former_session() -> None:
    anonymous_id = uuid.uuid4()
    condition = dict(Owner(anonymous_id=anonymous_id).as_filter("case__").children)
    assert condition == {"case__owner": None, "case__anonymous_id": anonymous_id}


@pytest.mark.parametrize("path", ["/api/v1/models/", "/api/v1/models/history/"])
def test_a_closed_site_takes_accounts_only(api: APIClient, settings: LazySettings, path: str) -> None:
    settings.ALLOW_ANONYMOUS = False
    answer = api.get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert browser(user_create()).get(path).status_code == 200
    assert program(user_create()).get(path).status_code == 200
    assert api.get("/api/v1/auth/session/").json()["anonymous_allowed"] is False


def test_staff_pages_ask_for_an_account(api: APIClient) -> None:
    answer = api.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/")


@pytest.mark.parametrize("path", ["/api/v1/models/", "/api/v1/users/", "/api/v1/tokens/"])
def test_a_strangers_body_is_not_read(path: str) -> None:
    """Neither the role nor the CSRF check looks into it."""
    client = browser(user_create(role="clinician")) if path != "/api/v1/tokens/" else browser()
    body = io.BytesIO(b"x" * 100_000)
    answer = client.post(path, {"file": body}, format="multipart")
    assert answer.status_code in (401, 403)
    assert not hasattr(answer.wsgi_request, "_files")
    client.credentials()
    assert client.post(path, {"file": body}, format="multipart").json()["code"] == "csrf_failed"
