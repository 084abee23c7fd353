"""The second factor of an account: a code of an authenticator app (TOTP), or a recovery code, used once."""

import hashlib
import secrets
from functools import partial
from math import ceil

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.exceptions import Throttled

from backend.accounts.models import ApiToken, User
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record
from backend.core.problems import Conflict

RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without l, i, o, 0, 1: codes are read from paper
RECOVERY_LENGTH = 12  # of 31 letters: 59 bits
DIGEST_LENGTH = 16  # as long as django-otp's column


def second_factor_enabled(user: User) -> bool:
    """Whether sign-in asks this account for a code."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).exists()


def recovery_codes_left(user: User) -> int:
    """How many recovery codes have not been used yet."""
    return StaticToken.objects.filter(device__user=user).count()


def mark_verified(user: User, verified: bool) -> None:
    """Note on the account of this request whether it has shown its second factor (see `roles.has_powers`)."""
    user.is_verified = partial(bool, verified)  # type: ignore[attr-defined]


def second_factor_begin(*, user: User) -> TOTPDevice:
    """A new secret, in force once a code of it has been confirmed; a former unconfirmed one is dropped."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if second_factor_enabled(user):
            raise Conflict("This account has a second factor already.", code="second_factor_enabled")
        TOTPDevice.objects.filter(user=user).delete()
        return TOTPDevice.objects.create(user=user, name="authenticator app", confirmed=False)


def second_factor_confirm(*, user: User, code: str) -> tuple[TOTPDevice, list[str]] | None:
    """(device, recovery codes) when the code is right: from now on sign-in asks for one. Else None."""
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None:
            raise Conflict("Begin anew: there is no secret to confirm.", code="second_factor_not_begun")
        if not _accepts(device, _plain(code)):
            return None
        device.confirmed = True
        device.save(update_fields=["confirmed"])
        return device, _recovery_codes_make(user)


def second_factor_remove(*, user: User) -> bool:
    """The account signs in by password alone; its tokens lose an administrator's powers. False: none."""
    with transaction.atomic():
        removed = TOTPDevice.objects.filter(user=user).delete()[0]
        StaticDevice.objects.filter(user=user).delete()
        ApiToken.objects.filter(user=user).update(second_factor=False)
        if removed:
            audit_record(AuditAction.SECOND_FACTOR_REMOVED, ObjectKind.ACCOUNT, user.pk)
    return bool(removed)


def device_of_code(*, user: User, code: str) -> Device | None:
    """The device that this code proves; a code proves only once. Throttled after wrong ones."""
    plain = _plain(code)
    with transaction.atomic():  # ends well either way: a wrong code must be counted
        totp = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        if totp is None:
            return None
        if plain.isdigit():
            return totp if _accepts(totp, plain) else None
        static = StaticDevice.objects.select_for_update().filter(user=user).first()
        accepted = static is not None and _accepts(static, _digest(user, plain))
        return totp if accepted else None  # the session's proof outlives the used code


def otpauth_uri(device: TOTPDevice) -> str:
    """What an authenticator app reads from the QR code."""
    return str(device.config_url)


def _accepts(device: TOTPDevice | StaticDevice, token: str) -> bool:
    allowed, why = device.verify_is_allowed()
    if not allowed and why:
        wait = ceil((why["locked_until"] - timezone.now()).total_seconds())
        longest = settings.LOGIN_WINDOW_S
        raise Throttled(wait=min(wait, longest), detail="Too many wrong codes: wait before the next one.")
    return bool(device.verify_token(token))


def _recovery_codes_make(user: User) -> list[str]:
    """Ten new codes; like passwords, only their digests are kept."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_digest(user, code)) for code in codes)
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def _digest(user: User, code: str) -> str:
    return hashlib.sha256(f"{user.pk}:{code}".encode()).hexdigest()[:DIGEST_LENGTH]


def _plain(code: str) -> str:
    """Without the spaces and dashes that people type."""
    return "".join(code.split()).replace("-", "").lower()
