"""Guessing is slowed at every door: per name and address, per address, and per name from anywhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from rest_framework.exceptions import Throttled

from backend.core.counter import count_event, forget_events
from backend.core.problems import Unprocessable

NAMES_PER_ADDRESS = 5  # a shared computer or a hospital's gateway has several users
ADDRESSES_PER_NAME = 10  # more than one address may be mistaken before a stranger can lock an account out


def login_attempt_count(*, username: str, address: str) -> None:
    """Count an attempt before the secret is looked at; Throttled (429) when there were too many."""
    name = username.casefold()
    allowed = settings.LOGIN_ATTEMPTS
    _count(
        {
            ("login", name, address): allowed,
            ("login-address", address): allowed * NAMES_PER_ADDRESS,
            ("login-name", name): allowed * ADDRESSES_PER_NAME,
        }
    )


def login_attempts_forget(*, username: str, address: str) -> None:
    """The right secret ends the count of its owner's mistakes."""
    forget_events("login", username.casefold(), address)


@contextmanager
def attempts_counted(*, username: str, address: str) -> Iterator[None]:
    """Around a look at a secret: counted like a sign-in, forgotten when the block ends well."""
    login_attempt_count(username=username, address=address)
    yield
    login_attempts_forget(username=username, address=address)


@contextmanager
def link_attempts_counted(*, address: str) -> Iterator[None]:
    """Around a look at a one-time link. A good link ends the count, even if the password is weak."""
    _count({("link", address): settings.LOGIN_ATTEMPTS})
    try:
        yield
    except Unprocessable:
        forget_events("link", address)
        raise
    forget_events("link", address)


def _count(limits: dict[tuple[str, ...], int]) -> None:
    counts = {key: count_event(*key, window_s=settings.LOGIN_WINDOW_S) for key in limits}
    if any(counts[key] > limit for key, limit in limits.items()):
        raise Throttled(wait=settings.LOGIN_WINDOW_S, detail="Too many attempts.")
