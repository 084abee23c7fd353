"""Personal tokens: made once, kept as a digest, scoped, ended by time or by hand."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from backend.accounts.models import ApiToken
from backend.accounts.services import MOST_TOKENS
from tests.factories import browser, program, user_create

pytestmark = pytest.mark.django_db
TOKENS, SESSION = "/api/v1/tokens/", "/api/v1/auth/session/"
WANTED: dict[str, Any] = {"name": "PACS script", "scopes": ["analyses:read"], "expires_in_days": 30}


def with_token(secret: str) -> APIClient:
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_the_secret_is_shown_once_and_not_kept() -> None:
    client = browser(user_create())
    answer = client.post(TOKENS, WANTED)
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    secret = answer.json()["token"]
    [shown] = client.get(TOKENS).json()
    assert (shown["prefix"], shown["name"], shown["scopes"]) == (
        secret[:12],
        "PACS script",
        ["analyses:read"],
    )
    assert "token" not in shown
    row = ApiToken.objects.get()
    assert secret not in (row.digest, row.prefix)
    assert timedelta(days=29) < row.expires_at - timezone.now() <= timedelta(days=30)


def test_a_token_signs_in_without_cookie_or_csrf() -> None:
    user = user_create()
    client = program(user)
    assert client.get(SESSION).json()["user"]["username"] == user.username
    assert client.post("/api/v1/auth/logout/").status_code == 200  # an unsafe method
    assert ApiToken.objects.get().last_used_at is not None


def test_each_token_is_ended_by_itself() -> None:
    client = browser(user_create())
    kept, ended = (client.post(TOKENS, WANTED).json() for _ in range(2))
    assert client.delete(f"{TOKENS}{ended['id']}/").status_code == 204
    answer = with_token(ended["token"]).get(SESSION)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert with_token(kept["token"]).get(SESSION).status_code == 200


def test_an_expired_token_is_refused_and_shown_as_such() -> None:
    client = browser(user_create())
    secret = client.post(TOKENS, WANTED).json()["token"]
    ApiToken.objects.update(expires_at=timezone.now())
    assert with_token(secret).get(SESSION).json()["code"] == "invalid_token"
    assert client.get(TOKENS).json()[0]["is_expired"] is True


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 366}, "expires_in_days"),
    ],
)
def test_what_a_token_must_say(change: dict[str, Any], field: str) -> None:
    answer = browser(user_create()).post(TOKENS, {**WANTED, **change})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("fields", "scope", "status"),
    [
        ({}, "models:read", 422),
        ({}, "models:write", 422),
        ({"role": "auditor"}, "models:read", 201),
        ({"role": "auditor"}, "models:write", 422),
        ({"role": "model_admin"}, "models:write", 201),
        ({"is_superuser": True}, "models:write", 201),
    ],
)
def test_nobody_gives_a_token_more_than_the_own_role(fields: dict[str, Any], scope: str, status: int) -> None:
    answer = browser(user_create(**fields)).post(TOKENS, {**WANTED, "scopes": [scope]})
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["code"] == "scope_not_yours"


def test_a_token_is_worth_no_more_than_its_owners_role_is_now() -> None:
    user = user_create(role="model_admin")
    client = program(user, scopes=["models:read"])
    assert client.get(SESSION).json()["user"]["may"]["read_model_records"] is True
    user.groups.clear()
    assert client.get(SESSION).json()["user"]["may"]["read_model_records"] is False


def test_there_is_a_limit_of_tokens() -> None:
    client = browser(user := user_create())
    for number in range(MOST_TOKENS):
        ApiToken.objects.create(user=user, digest=str(number), expires_at=timezone.now())
    answer = client.post(TOKENS, WANTED)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_tokens")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer a b", "bearer nonsense", "Bearer é", "Bearer " + "x" * 5000]
)
def test_a_wrong_token_is_401_even_beside_a_good_session(header: str) -> None:
    client = browser(user_create())
    answer = client.get(SESSION, headers={"authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


def test_the_token_of_an_inactive_account_is_refused() -> None:
    user = user_create()
    client = program(user)
    user.is_active = False
    user.save()
    assert client.get(SESSION).status_code == 401


def test_only_a_signed_in_browser_manages_tokens() -> None:
    for method in ("get", "post"):
        assert getattr(browser(), method)(TOKENS).status_code == 401
        refused = getattr(program(user_create()), method)(TOKENS)
        assert (refused.status_code, refused.json()["code"]) == (403, "token_not_enough")


def test_tokens_of_others_are_out_of_reach() -> None:
    owner, stranger = user_create(), user_create()
    program(owner)
    client = browser(stranger)
    assert client.get(TOKENS).json() == []
    assert client.delete(f"{TOKENS}{ApiToken.objects.get().pk}/").status_code == 404
    assert ApiToken.objects.filter(user=owner).exists()


def test_making_a_token_needs_the_csrf_token() -> None:
    client = browser(user_create())
    client.credentials()
    assert client.post(TOKENS, WANTED).json()["code"] == "csrf_failed"
    assert not ApiToken.objects.exists()
