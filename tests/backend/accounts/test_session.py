"""Sign in, sign out, who am I."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from rest_framework.test import APIClient

from backend.accounts.ownership import SESSION_KEY, owner_claimed
from tests.factories import PASSWORD, browser, csrf_token, program, user_create

pytestmark = pytest.mark.django_db
SESSION, LOGIN, LOGOUT = (f"/api/v1/auth/{name}/" for name in ("session", "login", "logout"))


@pytest.fixture
def claims() -> Iterator[list[dict[str, Any]]]:
    """What `owner_claimed` told."""
    told: list[dict[str, Any]] = []

    def listen(sender: Any, user: Any, anonymous_id: uuid.UUID, **kwargs: Any) -> None:
        told.append({"user": user, "anonymous_id": anonymous_id})

    owner_claimed.connect(listen)
    yield told
    owner_claimed.disconnect(listen)


def remember_anonymous(client: APIClient) -> uuid.UUID:
    anonymous_id = uuid.uuid4()
    session = client.session
    session[SESSION_KEY] = str(anonymous_id)
    session.save()
    client.cookies["sessionid"] = session.session_key
    return anonymous_id


def test_a_stranger_learns_what_the_page_needs(api: APIClient, settings: LazySettings) -> None:
    body = api.get(SESSION).json()
    assert body["user"] is None
    assert body["anonymous_allowed"] is True
    assert body["limits"]["max_upload_bytes"] == settings.MAX_UPLOAD_BYTES
    assert body["modalities"] == ["2d", "cdfi", "elastography"]
    assert body["classes"] == ["benign", "lymphoma", "metastatic"]
    assert "sessionid" not in api.cookies  # looking leaves no session behind


def test_signing_in_and_out() -> None:
    user = user_create()
    client = browser(user)
    assert client.get(SESSION).json()["user"] == {
        "id": str(user.pk),
        "username": user.username,
        "is_staff": False,
        "is_superuser": False,
        "roles": ["clinician"],
        "may": {
            "manage_models": False,
            "read_model_records": False,
            "manage_users": False,
            "read_everything": False,
            "read_audit": False,
        },
        "second_factor": {"enabled": False, "required": False},
    }
    answer = client.post(LOGOUT)
    assert answer.status_code == 200
    assert answer.json()["user"] is None
    assert client.get(SESSION).json()["user"] is None


def test_a_wrong_password_is_401_with_a_way_in() -> None:
    user = user_create()
    answer = browser().post(LOGIN, {"username": user.username, "password": "no"})
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_an_inactive_account_can_not_sign_in() -> None:
    user = user_create(is_active=False)
    answer = browser().post(LOGIN, {"username": user.username, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


def test_an_account_made_inactive_is_signed_out() -> None:
    user = user_create()
    client = browser(user)
    user.is_active = False
    user.save()
    assert client.get(SESSION).json()["user"] is None


def test_signing_in_needs_the_csrf_token(api: APIClient) -> None:
    user = user_create()
    answer = api.post(LOGIN, {"username": user.username, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_signing_in_renews_the_csrf_token_and_the_session() -> None:
    user = user_create()
    client = browser()
    before = csrf_token(client)
    remember_anonymous(client)
    key = client.cookies["sessionid"].value
    answer = client.post(LOGIN, {"username": user.username, "password": PASSWORD})
    assert answer.json()["csrf_token"] != before
    assert client.cookies["sessionid"].value != key


def test_anonymous_work_moves_to_the_account_once(claims: list[dict[str, Any]]) -> None:
    user = user_create()
    client = browser()
    anonymous_id = remember_anonymous(client)
    form = {"username": user.username, "password": PASSWORD}
    answer = client.post(LOGIN, form)
    assert claims == [{"user": user, "anonymous_id": anonymous_id}]
    client.credentials(HTTP_X_CSRFTOKEN=answer.json()["csrf_token"])
    client.post(LOGIN, form)
    assert len(claims) == 1


def test_it_moves_through_the_admin_door_too(claims: list[dict[str, Any]]) -> None:
    user = user_create(role="auditor")
    client = Client()
    anonymous_id = remember_anonymous(client)  # type: ignore[arg-type]
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert claims == [{"user": user, "anonymous_id": anonymous_id}]


def test_a_failed_sign_in_moves_nothing(claims: list[dict[str, Any]]) -> None:
    client = browser()
    remember_anonymous(client)
    client.post(LOGIN, {"username": user_create().username, "password": "wrong"})
    assert claims == []
    assert SESSION_KEY in client.session


def test_guessing_is_slowed_for_one_name_and_address(settings: LazySettings) -> None:
    user, other = user_create(), user_create()
    client = browser()
    guess = {"username": user.username, "password": "wrong"}
    codes = [client.post(LOGIN, guess).status_code for _ in range(settings.LOGIN_ATTEMPTS + 1)]
    assert codes == [401] * settings.LOGIN_ATTEMPTS + [429]
    answer = client.post(LOGIN, {"username": user.username.upper(), "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= settings.LOGIN_WINDOW_S
    form = {"username": other.username, "password": PASSWORD}
    assert client.post(LOGIN, form).status_code == 200  # a colleague at the same computer


def test_one_address_can_not_try_many_names(settings: LazySettings) -> None:
    client = browser()
    guesses = [{"username": f"name{n}", "password": "x"} for n in range(settings.LOGIN_ATTEMPTS * 5 + 1)]
    assert [client.post(LOGIN, guess).status_code for guess in guesses].index(429) == len(guesses) - 1


def test_the_right_password_ends_the_count(settings: LazySettings) -> None:
    user = user_create()
    for _ in range(3):
        client = browser()
        for _ in range(settings.LOGIN_ATTEMPTS - 1):
            client.post(LOGIN, {"username": user.username, "password": "wrong"})
        assert client.post(LOGIN, {"username": user.username, "password": PASSWORD}).status_code == 200


def test_behind_a_proxy_the_last_forwarded_address_counts(settings: LazySettings) -> None:
    settings.BEHIND_PROXY = True
    user = user_create()
    guess = {"username": user.username, "password": "wrong"}
    for n in range(settings.LOGIN_ATTEMPTS + 1):
        invented = {"x-forwarded-for": f"10.9.8.{n}, 203.0.113.7"}
        answer = browser().post(LOGIN, guess, headers=invented)
    assert answer.status_code == 429
    elsewhere = {"x-forwarded-for": "203.0.113.8"}
    assert browser().post(LOGIN, guess, headers=elsewhere).status_code == 401


@pytest.mark.parametrize("who", ["token", "anonymous"])
def test_signing_out_without_a_session_does_no_harm(who: str) -> None:
    client = program(user_create()) if who == "token" else browser()
    assert client.post(LOGOUT).status_code == 200


def test_the_admin_door_is_slowed_too(settings: LazySettings) -> None:
    user = user_create(role="auditor")
    client = Client()
    for _ in range(settings.LOGIN_ATTEMPTS):
        client.post("/admin/login/", {"username": user.username, "password": "wrong"})
    answer = client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 200  # the form again, not the redirect of a success
    assert b"Too many attempts" in answer.content
