"""The admin's door, and what is behind it for whom."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from backend.accounts.models import ApiToken, User
from backend.accounts.second_factor import second_factor_begin
from backend.accounts.users import link_tokens
from tests.backend.accounts.test_second_factor import code_of, enrolled
from tests.factories import PASSWORD, browser, program, user_create

pytestmark = pytest.mark.django_db
LOGIN, INDEX, USERS = "/admin/login/", "/admin/", "/admin/accounts/user/"


def knock(user: User, **more: str) -> Any:
    """(the client, the answer to its form)"""
    client = Client()
    form = {"username": user.username, "password": PASSWORD, "next": INDEX, **more}
    return client, client.post(LOGIN, form)


def inside(**fields: Any) -> Client:
    """The browser of somebody who has come in."""
    client, answer = knock(user_create(**fields))
    assert (answer.status_code, answer["Location"]) == (302, INDEX)
    return client


class TestDoor:
    """Who comes in."""

    @pytest.mark.parametrize("fields", [{"is_superuser": True}, {"role": "model_admin"}, {"role": "auditor"}])
    def test_roles_with_business_here(self, fields: dict[str, Any]) -> None:
        assert inside(**fields).get(INDEX).status_code == 200

    @pytest.mark.parametrize("fields", [{}, {"role": "clinician"}, {"is_staff": True}])
    def test_nobody_else(self, fields: dict[str, Any]) -> None:
        client, answer = knock(user_create(**fields))
        assert answer.status_code == 200
        assert client.get(INDEX)["Location"] == f"{LOGIN}?next={INDEX}"
        session_of_the_page = browser(user_create(**fields))
        assert session_of_the_page.get(INDEX).status_code == 302

    def test_the_second_factor_is_asked_for(self) -> None:
        user = user_create(is_superuser=True)
        _, secret, codes = enrolled(user)
        _, without = knock(user)
        assert b"authenticator app" in without.content
        TOTPDevice.objects.update(throttling_failure_count=0)
        client, right = knock(user, code=code_of(secret))
        assert right["Location"] == INDEX
        assert client.get(INDEX).status_code == 200
        _, again = knock(user, code=code_of(secret))
        assert b"used already" in again.content
        _, recovery = knock(user, code=codes[0])
        assert recovery["Location"] == INDEX

    def test_administrators_must_have_one_where_the_site_says_so(self, settings: LazySettings) -> None:
        settings.REQUIRE_SECOND_FACTOR = True
        user = user_create(role="model_admin")
        _, answer = knock(user)
        assert b"second factor on the page first" in answer.content
        signed_in_on_the_page = browser(user)
        assert signed_in_on_the_page.get(INDEX).status_code == 302
        client, secret, _ = enrolled(user)
        assert client.get(INDEX).status_code == 200
        assert knock(user, code=code_of(secret))[1]["Location"] == INDEX

    def test_an_unconfirmed_secret_does_not_count(self) -> None:
        user = user_create(is_superuser=True)
        second_factor_begin(user=user)
        assert knock(user)[1]["Location"] == INDEX

    def test_guessing_codes_is_slowed_as_on_the_page(self, settings: LazySettings) -> None:
        settings.OTP_TOTP_THROTTLE_FACTOR = 0
        user = user_create(is_superuser=True)
        _, secret, _ = enrolled(user)
        for _ in range(settings.LOGIN_ATTEMPTS):
            assert b"code is wrong" in knock(user, code="000000")[1].content
        assert b"Too many attempts" in knock(user, code=code_of(secret))[1].content
        assert (
            browser()
            .post("/api/v1/auth/login/", {"username": user.username, "password": PASSWORD})
            .status_code
            == 429
        )

    @pytest.mark.parametrize("form", [{}, {"username": "root"}, {"password": "x"}, {"code": "123456"}])
    def test_an_incomplete_form_says_what_is_missing(self, form: dict[str, str]) -> None:
        answer = Client().post(LOGIN, form)
        assert answer.status_code == 200
        assert b"This field is required" in answer.content

    def test_an_incomplete_form_does_not_end_the_count(self, settings: LazySettings) -> None:
        user = user_create(is_superuser=True)
        for _ in range(settings.LOGIN_ATTEMPTS - 1):
            Client().post(LOGIN, {"username": user.username, "password": "guess"})
        Client().post(LOGIN, {"username": user.username})
        assert b"Too many attempts" in knock(user)[1].content

    def test_passwords_are_changed_in_one_place(self) -> None:
        assert inside(is_superuser=True).get("/admin/password_change/")["Location"] == "/account"

    def test_a_strangers_form_is_not_read(self) -> None:
        body = "csrfmiddlewaretoken=" + "x" * 100_000
        kind = "application/x-www-form-urlencoded"
        client = Client(enforce_csrf_checks=True)
        client.cookies["csrftoken"] = "x" * 32  # a cookie costs a stranger nothing
        request = client.post(f"{USERS}add/", body, content_type=kind).wsgi_request
        assert not hasattr(request, "_post")


class TestAccounts:
    """Site admins make and change accounts."""

    def test_a_new_account_has_no_password_and_gets_a_link(self) -> None:
        client = inside(is_superuser=True)
        groups = [str(user_create(role="model_admin").groups.get().pk)]
        made = client.post(f"{USERS}add/", {"username": "l.chen", "email": "", "groups": groups})
        assert made.status_code == 302
        user = User.objects.get(username="l.chen")
        assert not user.has_usable_password()
        assert user.groups.get().name == "model_admin"
        page = self.act(client, "make_links", user)
        [token] = re.findall(rf"http://testserver/welcome/{user.pk}/([\w-]+)", page)
        assert link_tokens.check_token(user, token)

    @pytest.mark.parametrize("name", ["root", "ROOT"])
    def test_names_are_taken_once(self, name: str) -> None:
        answer = inside(is_superuser=True, username="root").post(f"{USERS}add/", {"username": name})
        assert b"already" in answer.content
        assert User.objects.count() == 1

    def test_an_auditor_has_no_second_role(self) -> None:
        client = inside(is_superuser=True)
        both = [str(user_create(role=role).groups.get().pk) for role in ("auditor", "model_admin")]
        answer = client.post(f"{USERS}add/", {"username": "x", "groups": both})
        assert b"no other role goes with it" in answer.content
        assert not User.objects.filter(username="x").exists()

    def test_deactivating_ends_sessions(self) -> None:
        client, user = inside(is_superuser=True), user_create()
        held = browser(user)
        assert "not active any more" in self.act(client, "deactivate", user)
        assert held.get("/api/v1/auth/session/").json()["user"] is None
        assert "is active" in self.act(client, "activate", user)
        assert held.get("/api/v1/auth/session/").json()["user"] is None

    def test_nobody_deactivates_the_own_account(self) -> None:
        client = inside(is_superuser=True, username="root")
        root = User.objects.get(username="root")
        assert "Another site admin" in self.act(client, "deactivate", root)
        saved = client.post(f"{USERS}{root.pk}/change/", {"username": "root", "email": "r@example.org"})
        assert saved.status_code == 302
        root.refresh_from_db()
        assert (root.email, root.is_active, root.is_superuser) == ("r@example.org", True, True)

    def test_a_lost_second_factor_is_removed(self) -> None:
        client, user = inside(is_superuser=True), user_create()
        enrolled(user)
        assert "password alone" in self.act(client, "remove_second_factor", user)
        assert not TOTPDevice.objects.exists()

    def test_the_list_is_filtered_by_role(self) -> None:
        client = inside(is_superuser=True, username="root")
        for name, role in (("aud", "auditor"), ("mod", "model_admin"), ("cli", None)):
            user_create(username=name, **({"role": role} if role else {}))
        found = {
            role: set(
                re.findall(r"/change/[^>]*>(\w+)</a>", client.get(f"{USERS}?role={role}").content.decode())
            )
            for role in ("auditor", "model_admin", "none", "site")
        }
        assert found == {"auditor": {"aud"}, "model_admin": {"mod"}, "none": {"cli"}, "site": {"root"}}

    def test_accounts_are_never_deleted(self) -> None:
        user = user_create()
        assert inside(is_superuser=True).post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_a_token_can_be_ended_and_not_read(self) -> None:
        program(user_create())
        token = ApiToken.objects.get()
        address = f"/admin/accounts/apitoken/{token.pk}"
        client = inside(is_superuser=True)
        assert token.digest not in client.get(f"{address}/change/").content.decode()
        assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 302
        assert not ApiToken.objects.exists()

    def act(self, client: Client, action: str, *users: User) -> str:
        form = {"action": action, "_selected_action": [user.pk for user in users], "index": "0"}
        return client.post(USERS, form, follow=True).content.decode()


class TestRoles:
    """What auditors and model admins see."""

    LISTS = (
        "accounts/user", "accounts/apitoken", "core/workerheartbeat", "registry/modelversion",
        "registry/versioncheck", "registry/versionevent", "studies/case", "inference/analysis",
        "inference/prediction", "comparisons/comparison",
    )  # fmt: skip

    def test_an_auditor_sees_every_list_and_adds_nothing(self) -> None:
        client = inside(role="auditor")
        for name in self.LISTS:
            assert client.get(f"/admin/{name}/").status_code == 200, name
            assert client.get(f"/admin/{name}/add/").status_code == 403, name

    def test_a_model_admin_sees_models_and_no_patients_or_accounts(self) -> None:
        client = inside(role="model_admin")
        seen = {name for name in self.LISTS if client.get(f"/admin/{name}/").status_code == 200}
        assert seen == {
            "registry/modelversion", "registry/versioncheck", "registry/versionevent",
            "comparisons/comparison", "core/workerheartbeat",
        }  # fmt: skip

    def test_secrets_and_groups_are_not_there_at_all(self) -> None:
        client = inside(is_superuser=True)
        for path in ("otp_totp/totpdevice/", "otp_static/staticdevice/", "auth/group/"):
            assert client.get(f"/admin/{path}").status_code == 404


class TestTheme:
    """The theme works under the policy of the whole site."""

    @pytest.mark.parametrize(
        "path", ["", *(f"{name}/" for name in TestRoles.LISTS), "registry/modelversion/add/"]
    )
    def test_no_inline_script(self, path: str) -> None:
        answer = inside(is_superuser=True).get(f"{INDEX}{path}")
        page = answer.content.decode()
        assert re.search(r"script-src 'self'(;|$)", answer["Content-Security-Policy"])
        scripts = re.findall(r"<script\b[^>]*>", page)
        assert scripts
        assert all("src=" in script for script in scripts)
        assert not re.findall(r"\son\w+=\"", page)

    def test_alpine_without_eval_takes_the_place_of_the_themes_own(self) -> None:
        script = Path(str(finders.find("unfold/js/alpine/alpine.js"))).read_text()
        assert "@alpinejs/csp" in script
        assert "AsyncFunction" not in script
        assert b"admin_theme/without_eval.js" in Client().get(LOGIN).content
