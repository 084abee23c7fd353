"""Personal tokens: made once, kept as a digest, ended at once."""

import pytest
from rest_framework.test import APIClient

from backend.accounts.models import ApiToken
from tests.factories import browser, program, user_create

pytestmark = pytest.mark.django_db
TOKENS, SESSION = "/api/v1/tokens/", "/api/v1/auth/session/"


def with_token(secret: str) -> APIClient:
    client = APIClient(enforce_csrf_checks=True)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def test_the_secret_is_shown_once_and_not_kept() -> None:
    client = browser(user_create())
    answer = client.post(TOKENS)
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    secret = answer.json()["token"]
    shown = client.get(TOKENS).json()
    assert [line["prefix"] for line in shown] == [secret[:12]]
    assert "token" not in shown[0]
    row = ApiToken.objects.get()
    assert secret not in (row.digest, row.prefix)


def test_a_token_signs_in_without_cookie_or_csrf() -> None:
    user = user_create()
    client = program(user)
    assert client.get(SESSION).json()["user"]["username"] == user.username
    assert client.post("/api/v1/auth/logout/").status_code == 200  # an unsafe method
    assert ApiToken.objects.get().last_used_at is not None


def test_a_revoked_token_stops_at_once() -> None:
    client = browser(user_create())
    secret = client.post(TOKENS).json()["token"]
    assert client.delete(TOKENS).status_code == 204
    answer = with_token(secret).get(SESSION)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer["WWW-Authenticate"] == "Bearer"


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
    for method in ("get", "post", "delete"):
        assert getattr(browser(), method)(TOKENS).status_code == 401
        assert getattr(program(user_create()), method)(TOKENS).status_code == 403


def test_tokens_of_others_are_out_of_reach() -> None:
    owner, stranger = user_create(), user_create()
    program(owner)
    client = browser(stranger)
    assert client.get(TOKENS).json() == []
    client.delete(TOKENS)
    assert ApiToken.objects.filter(user=owner).exists()


def test_making_a_token_needs_the_csrf_token() -> None:
    client = browser(user_create())
    client.credentials()
    assert client.post(TOKENS).json()["code"] == "csrf_failed"
    assert not ApiToken.objects.exists()
