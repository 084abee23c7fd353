"""One's own password."""

import pytest
from django.conf import LazySettings

from tests.factories import PASSWORD, browser, program, user_create

pytestmark = pytest.mark.django_db
PASSWORD_URL, SESSION, LOGIN = (f"/api/v1/auth/{name}/" for name in ("password", "session", "login"))
NEW = "several quiet ferns"


def test_it_changes_and_other_sessions_end() -> None:
    user = user_create()
    here, elsewhere, script = browser(user), browser(user), program(user)
    answer = here.post(PASSWORD_URL, {"old": PASSWORD, "new": NEW})
    assert answer.status_code == 200
    assert here.get(SESSION).json()["user"]["username"] == user.username
    assert elsewhere.get(SESSION).json()["user"] is None
    assert script.get(SESSION).status_code == 200
    assert browser().post(LOGIN, {"username": user.username, "password": NEW}).status_code == 200
    assert browser().post(LOGIN, {"username": user.username, "password": PASSWORD}).status_code == 401


@pytest.mark.parametrize(
    ("new", "codes"),
    [
        ("short1x", {"password_too_short"}),
        ("12345678901", {"password_entirely_numeric", "password_too_common"}),
        ("doctor-meyer-1", {"password_too_similar"}),
    ],
)
def test_a_weak_one_is_refused_in_the_validators_words(new: str, codes: set[str]) -> None:
    client = browser(user_create(username="doctor-meyer"))
    answer = client.post(PASSWORD_URL, {"old": PASSWORD, "new": new})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "weak_password")
    assert codes >= {reason["code"] for reason in body["errors"]["new"]} != set()
    assert all(reason["detail"].endswith(".") for reason in body["errors"]["new"])


def test_whoever_holds_the_session_must_know_the_old_one_and_can_not_guess_it(settings: LazySettings) -> None:
    client = browser(user_create())
    guesses = [
        client.post(PASSWORD_URL, {"old": "guess", "new": NEW}) for _ in range(settings.LOGIN_ATTEMPTS + 1)
    ]
    assert [guess.status_code for guess in guesses] == [422] * settings.LOGIN_ATTEMPTS + [429]
    assert guesses[0].json()["errors"]["old"][0]["code"] == "wrong_password"
    assert client.post(PASSWORD_URL, {"old": PASSWORD, "new": NEW}).status_code == 429
    assert client.get(SESSION).json()["user"] is not None


def test_a_token_can_not_change_it() -> None:
    answer = program(user_create()).post(PASSWORD_URL, {"old": PASSWORD, "new": NEW})
    assert (answer.status_code, answer.json()["code"]) == (403, "token_not_enough")
    assert browser().post(PASSWORD_URL, {"old": PASSWORD, "new": NEW}).status_code == 401
