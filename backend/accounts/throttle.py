"""Guessing passwords is slowed: per name and address, per address, and per name from anywhere."""

from django.conf import settings
from rest_framework.exceptions import Throttled

from backend.core.counter import count_event, forget_events

NAMES_PER_ADDRESS = 5  # a shared computer or a hospital's gateway has several users
ADDRESSES_PER_NAME = 10  # more than one address may be mistaken before a stranger can lock an account out


def login_attempt_count(*, username: str, address: str) -> None:
    """Count an attempt before the password is looked at; Throttled (429) when there were too many."""
    name = username.casefold()
    allowed = settings.LOGIN_ATTEMPTS
    limits = {
        ("login", name, address): allowed,
        ("login-address", address): allowed * NAMES_PER_ADDRESS,
        ("login-name", name): allowed * ADDRESSES_PER_NAME,
    }
    counts = {key: count_event(*key, window_s=settings.LOGIN_WINDOW_S) for key in limits}
    if any(counts[key] > limit for key, limit in limits.items()):
        raise Throttled(wait=settings.LOGIN_WINDOW_S, detail="Too many attempts to sign in.")


def login_attempts_forget(*, username: str, address: str) -> None:
    """The right password ends the count of its owner's mistakes."""
    forget_events("login", username.casefold(), address)
