"""A second factor with real codes, computed as an authenticator app does."""

import time
from base64 import b32decode
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.test import APIClient

from backend.accounts.models import User
from tests.factories import PASSWORD, browser, csrf_token, program, user_create

pytestmark = pytest.mark.django_db
FACTOR, CONFIRM = "/api/v1/auth/second-factor/", "/api/v1/auth/second-factor/confirm/"
LOGIN, SESSION, USERS = "/api/v1/auth/login/", "/api/v1/auth/session/", "/api/v1/users/"


def code_of(secret: str, steps: int = 0) -> str:
    """The six digits that an app shows; `steps` × 30 s later."""
    totp = TOTP(b32decode(secret))
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def enrolled(user: User) -> tuple[APIClient, str, list[str]]:
    """(the browser in which it was set up, the secret, the recovery codes)"""
    client = browser(user)
    secret = client.post(FACTOR).json()["secret"]
    answer = client.post(CONFIRM, {"code": code_of(secret, -1)})
    assert answer.status_code == 200, answer.content
    return client, secret, answer.json()["recovery_codes"]


def sign_in(user: User, **more: str) -> Any:
    return browser().post(LOGIN, {"username": user.username, "password": PASSWORD, **more})


def test_setting_it_up() -> None:
    user = user_create()
    client = browser(user)
    begun = client.post(FACTOR)
    assert (begun.status_code, begun["Cache-Control"]) == (201, "no-store")
    uri = urlparse(begun.json()["otpauth_uri"])
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert parse_qs(uri.query)["secret"] == [begun.json()["secret"]]
    assert user.username in uri.path
    assert "CV4LymphNode" in uri.path
    assert client.get(FACTOR).json() == {"enabled": False, "required": False, "recovery_codes_left": 0}
    assert sign_in(user).status_code == 200  # not in force yet
    done = client.post(CONFIRM, {"code": code_of(begun.json()["secret"])})
    assert done["Cache-Control"] == "no-store"
    assert len(set(done.json()["recovery_codes"])) == 10
    assert client.get(FACTOR).json() == {"enabled": True, "required": False, "recovery_codes_left": 10}
    assert client.post(FACTOR).json()["code"] == "second_factor_enabled"


def test_a_wrong_first_code_enables_nothing() -> None:
    client = browser(user_create())
    assert client.post(CONFIRM, {"code": "123456"}).json()["code"] == "second_factor_not_begun"
    secret = client.post(FACTOR).json()["secret"]
    wrong = f"{(int(code_of(secret)) + 1) % 10**6:06d}"
    answer = client.post(CONFIRM, {"code": wrong})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_code")
    assert client.get(FACTOR).json()["enabled"] is False


def test_sign_in_asks_for_the_code() -> None:
    user = user_create()
    _, secret, _ = enrolled(user)
    assert (sign_in(user).status_code, sign_in(user).json()["code"]) == (401, "second_factor_required")
    stranger = browser().post(LOGIN, {"username": user.username, "password": "no", "code": code_of(secret)})
    assert stranger.json()["code"] == "wrong_credentials"  # the password comes first
    assert sign_in(user, code=code_of(secret)).status_code == 200


def test_a_code_is_good_once() -> None:
    user = user_create()
    _, secret, _ = enrolled(user)
    code = code_of(secret)
    assert sign_in(user, code=code).status_code == 200
    again = sign_in(user, code=code)
    assert (again.status_code, again.json()["code"]) == (401, "wrong_code")


def test_a_recovery_code_replaces_the_app_once_and_is_kept_as_a_digest() -> None:
    user = user_create()
    client, _, codes = enrolled(user)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {code.replace("-", "") for code in codes}
    assert sign_in(user, code=codes[3].upper().replace("-", " ")).status_code == 200
    assert client.get(FACTOR).json()["recovery_codes_left"] == 9
    again = sign_in(user, code=codes[3])
    assert (again.status_code, again.json()["code"]) == (401, "wrong_code")


def test_recovery_codes_of_others_are_worth_nothing() -> None:
    _, _, codes = enrolled(user_create())
    user = user_create()
    enrolled(user)
    assert sign_in(user, code=codes[0]).json()["code"] == "wrong_code"


def test_wrong_codes_are_slowed_by_their_number() -> None:
    user = user_create()
    _, secret, _ = enrolled(user)
    assert sign_in(user, code="000000").json()["code"] == "wrong_code"
    answer = sign_in(user, code=code_of(secret))
    assert answer.status_code == 429  # even the right one has to wait
    assert answer["Retry-After"] == "1"
    TOTPDevice.objects.update(throttling_failure_count=30)
    assert int(sign_in(user, code=code_of(secret))["Retry-After"]) <= 300


def test_guessing_codes_is_slowed_like_guessing_passwords(settings: LazySettings) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    user = user_create()
    _, secret, _ = enrolled(user)
    statuses = [sign_in(user, code="000000").status_code for _ in range(settings.LOGIN_ATTEMPTS)]
    assert statuses == [401] * settings.LOGIN_ATTEMPTS
    assert sign_in(user, code=code_of(secret)).status_code == 429


def test_other_sessions_end_when_it_comes_into_force() -> None:
    user = user_create()
    elsewhere = browser(user)
    here, _, _ = enrolled(user)
    assert elsewhere.get(SESSION).json()["user"] is None
    assert here.get(SESSION).json()["user"]["second_factor"]["enabled"] is True


def test_removing_it_needs_both_factors() -> None:
    user = user_create()
    client, secret, _ = enrolled(user)
    right = {"password": PASSWORD, "code": code_of(secret)}
    refused = client.delete(FACTOR, {**right, "password": "no"})
    assert (refused.status_code, refused.json()["code"]) == (422, "wrong_password")
    assert client.delete(FACTOR, right).status_code == 204
    assert not StaticToken.objects.exists()
    assert sign_in(user).status_code == 200
    assert client.delete(FACTOR, right).json()["code"] == "second_factor_missing"


def test_an_administrator_gains_powers_by_it(settings: LazySettings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    admin = user_create(is_superuser=True)
    before = browser(admin)
    refused = before.get(USERS)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_missing")
    client, secret, _ = enrolled(admin)
    assert client.get(USERS).status_code == 200
    signed_in = sign_in(admin, code=code_of(secret))
    assert signed_in.json()["user"]["may"]["manage_users"] is True


def test_a_token_has_an_administrators_powers_only_from_a_verified_session(settings: LazySettings) -> None:
    admin = user_create(role="model_admin")
    early = program(admin, scopes=["models:read"])
    settings.REQUIRE_SECOND_FACTOR = True
    assert early.get(SESSION).json()["user"]["may"]["read_model_records"] is False
    wanted = {"name": "t", "scopes": ["models:read"], "expires_in_days": 1}
    assert browser(admin).post("/api/v1/tokens/", wanted).json()["code"] == "scope_not_yours"
    client, secret, _ = enrolled(admin)
    made = client.post("/api/v1/tokens/", wanted).json()["token"]
    script = APIClient()
    script.credentials(HTTP_AUTHORIZATION=f"Bearer {made}")
    assert script.get(SESSION).json()["user"]["may"]["read_model_records"] is True
    assert client.delete(FACTOR, {"password": PASSWORD, "code": code_of(secret)}).status_code == 204
    assert script.get(SESSION).json()["user"]["may"]["read_model_records"] is False


def test_the_emergency_door_is_a_command() -> None:
    user = user_create()
    client, _, _ = enrolled(user)
    said = StringIO()
    call_command("second_factor_reset", user.username, stdout=said)
    assert user.username in said.getvalue()
    assert client.get(SESSION).json()["user"] is None  # whoever holds the lost phone's session is out
    assert sign_in(user).status_code == 200
    with pytest.raises(CommandError, match="no second factor"):
        call_command("second_factor_reset", user.username)
    with pytest.raises(CommandError, match="no account"):
        call_command("second_factor_reset", "nobody")


def test_tokens_and_strangers_stay_out() -> None:
    for method, url in (("get", FACTOR), ("post", FACTOR), ("delete", FACTOR), ("post", CONFIRM)):
        assert getattr(browser(), method)(url).status_code == 401
        assert getattr(program(user_create()), method)(url).status_code == 403


def test_it_needs_the_csrf_token() -> None:
    client = browser(user_create())
    client.credentials()
    assert client.post(FACTOR).json()["code"] == "csrf_failed"
    assert csrf_token(client)
