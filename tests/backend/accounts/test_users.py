"""Accounts made by a site admin, and the one-time links by which passwords are chosen."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from rest_framework.test import APIClient

from backend.accounts.models import ApiToken, User
from tests.factories import PASSWORD, browser, program, user_create

pytestmark = pytest.mark.django_db
USERS, WELCOME = "/api/v1/users/", "/api/v1/auth/welcome/"
LOGIN, SESSION = "/api/v1/auth/login/", "/api/v1/auth/session/"
NEW = "several quiet ferns"


@pytest.fixture
def admin() -> APIClient:
    """The browser of a site admin."""
    return browser(user_create(username="root", is_superuser=True))


def link(admin: APIClient, user_id: object) -> dict[str, str]:
    """The parts of a link's path, as the page reads them."""
    answer = admin.post(f"{USERS}{user_id}/invite/")
    assert answer.status_code == 201, answer.content
    assert answer["Cache-Control"] == "no-store"
    _, place, uid, token = answer.json()["path"].split("/")
    assert place == "welcome"
    assert answer.json()["url"] == f"http://testserver{answer.json()['path']}"
    return {"uid": uid, "token": token}


def test_an_invitation_from_end_to_end(admin: APIClient) -> None:
    made = admin.post(USERS, {"username": "l.chen", "email": "chen@example.org", "roles": ["model_admin"]})
    assert made.status_code == 201
    assert (made.json()["roles"], made.json()["has_password"]) == (["model_admin"], False)
    parts = link(admin, made.json()["id"])
    guest = browser()
    weak = guest.post(WELCOME, {**parts, "password": "l.chen123"})
    assert (weak.status_code, weak.json()["code"]) == (422, "weak_password")
    assert weak.json()["errors"]["password"][0]["code"] == "password_too_similar"
    answer = guest.post(WELCOME, {**parts, "password": NEW})
    assert (answer.status_code, answer.json()) == (200, {"username": "l.chen"})
    assert guest.get(SESSION).json()["user"] is None  # signing in comes next, with all it asks for
    assert guest.post(LOGIN, {"username": "l.chen", "password": NEW}).status_code == 200
    again = browser().post(WELCOME, {**parts, "password": "another quiet fern"})
    assert (again.status_code, again.json()["code"]) == (404, "link_not_valid")


def test_a_reset_ends_sessions_and_tokens_and_the_old_password(admin: APIClient) -> None:
    user = user_create()
    held, script = browser(user), program(user)
    assert browser().post(WELCOME, {**link(admin, user.pk), "password": NEW}).status_code == 200
    assert held.get(SESSION).json()["user"] is None
    assert script.get(SESSION).status_code == 401
    assert not ApiToken.objects.filter(user=user).exists()
    assert browser().post(LOGIN, {"username": user.username, "password": PASSWORD}).status_code == 401
    assert browser().post(LOGIN, {"username": user.username, "password": NEW}).status_code == 200


def test_of_two_links_the_second_dies_with_the_first(admin: APIClient) -> None:
    user = user_create()
    first, second = link(admin, user.pk), link(admin, user.pk)
    assert browser().post(WELCOME, {**second, "password": NEW}).status_code == 200
    assert browser().post(WELCOME, {**first, "password": NEW}).status_code == 404


@pytest.mark.parametrize("how", ["too late", "other account", "torn", "deactivated", "signed in since"])
def test_links_that_are_not_good(
    admin: APIClient, how: str, settings: LazySettings, monkeypatch: Any
) -> None:
    user = user_create()
    parts = link(admin, user.pk)
    if how == "too late":
        later = PasswordResetTokenGenerator._now
        wait = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 1)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later(self) + wait)
    elif how == "other account":
        parts["uid"] = str(user_create().pk)
    elif how == "torn":
        parts["token"] = parts["token"][:-1]
    elif how == "deactivated":
        admin.patch(f"{USERS}{user.pk}/", {"is_active": False})
        admin.patch(f"{USERS}{user.pk}/", {"is_active": True})
    else:
        browser(user)
    answer = browser().post(WELCOME, {**parts, "password": NEW})
    assert (answer.status_code, answer.json()["code"]) == (404, "link_not_valid")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_guessing_links_is_slowed(settings: LazySettings) -> None:
    client = browser()
    guess = {"uid": str(user_create().pk), "token": "abc-def", "password": NEW}
    statuses = [client.post(WELCOME, guess).status_code for _ in range(settings.LOGIN_ATTEMPTS + 1)]
    assert statuses == [404] * settings.LOGIN_ATTEMPTS + [429]


def test_thinking_about_a_password_is_not_guessing(admin: APIClient, settings: LazySettings) -> None:
    parts = link(admin, user_create().pk)
    client = browser()
    statuses = [
        client.post(WELCOME, {**parts, "password": "short"}).status_code
        for _ in range(settings.LOGIN_ATTEMPTS + 2)
    ]
    assert set(statuses) == {422}
    assert client.post(WELCOME, {**parts, "password": NEW}).status_code == 200


def test_the_welcome_needs_the_csrf_token(api: APIClient) -> None:
    assert api.post(WELCOME, {}).json()["code"] == "csrf_failed"


def test_the_list_tells_what_an_admin_wants_to_know(
    admin: APIClient, django_assert_max_num_queries: Any
) -> None:
    user_create(username="aud", role="auditor")
    user_create(username="gone", is_active=False)
    with django_assert_max_num_queries(7):
        rows = admin.get(USERS).json()["results"]
    assert [row["username"] for row in rows] == ["aud", "gone", "root"]
    assert [row["roles"] for row in rows] == [["auditor"], [], []]
    assert [row["is_active"] for row in rows] == [True, False, True]
    assert rows[2]["is_superuser"] is True
    found = admin.get(f"{USERS}?role=auditor").json()["results"]
    assert [row["username"] for row in found] == ["aud"]
    assert len(admin.get(f"{USERS}?username=o&is_active=true").json()["results"]) == 1


def test_roles_are_given_and_taken(admin: APIClient) -> None:
    user = user_create()
    given = admin.patch(f"{USERS}{user.pk}/", {"roles": ["auditor"]})
    assert given.json()["roles"] == ["auditor"]
    assert browser(user).get(SESSION).json()["user"]["roles"] == ["auditor"]
    assert admin.patch(f"{USERS}{user.pk}/", {"roles": []}).json()["roles"] == []
    unchanged = admin.patch(f"{USERS}{user.pk}/", {})
    assert (unchanged.status_code, unchanged.json()["is_active"]) == (200, True)


def test_an_auditor_has_no_second_role(admin: APIClient) -> None:
    both = {"roles": ["auditor", "model_admin"]}
    answers = [admin.post(USERS, {"username": "x", **both}), admin.patch(f"{USERS}{user_create().pk}/", both)]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(422, "roles_conflict")] * 2
    assert not User.objects.filter(username="x").exists()


@pytest.mark.parametrize("name", ["root", "ROOT"])
def test_names_are_taken_once(admin: APIClient, name: str) -> None:
    answer = admin.post(USERS, {"username": name})
    assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "two words"}, "username"),
        ({"email": "no"}, "email"),
        ({"roles": ["god"]}, "roles.0"),
    ],
)
def test_what_an_account_must_say(admin: APIClient, change: dict[str, Any], field: str) -> None:
    answer = admin.post(USERS, {"username": "new", **change})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_a_deactivated_account_is_out_at_once(admin: APIClient) -> None:
    user = user_create()
    held, script = browser(user), program(user)
    assert admin.patch(f"{USERS}{user.pk}/", {"is_active": False}).status_code == 200
    assert held.get(SESSION).json()["user"] is None
    assert script.get(SESSION).status_code == 401
    invited = admin.post(f"{USERS}{user.pk}/invite/")
    assert (invited.status_code, invited.json()["code"]) == (409, "inactive")
    admin.patch(f"{USERS}{user.pk}/", {"is_active": True})
    assert held.get(SESSION).json()["user"] is None  # the old session stays dead


def test_nobody_shuts_the_door_behind_himself(admin: APIClient) -> None:
    mine = User.objects.get(username="root").pk
    answer = admin.patch(f"{USERS}{mine}/", {"is_active": False})
    assert (answer.status_code, answer.json()["code"]) == (409, "own_account")


@pytest.mark.parametrize("fields", [{}, {"role": "model_admin"}, {"role": "auditor"}, {"is_staff": True}])
def test_only_site_admins_manage_accounts(fields: dict[str, Any]) -> None:
    user = user_create(**fields)
    client = browser(user)
    answers = [
        client.get(USERS),
        client.post(USERS, {"username": "x"}),
        client.patch(f"{USERS}{user.pk}/", {"roles": []}),
        client.post(f"{USERS}{user.pk}/invite/"),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(403, "wrong_role")] * 4
    assert browser().get(USERS).status_code == 401


def test_a_token_never_manages_accounts() -> None:
    script = program(user_create(is_superuser=True))
    answer = script.get(USERS)
    assert (answer.status_code, answer.json()["code"]) == (403, "token_not_enough")
