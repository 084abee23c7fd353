"""The same Idempotency-Key gives one analysis, however often and however parallel it is sent."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from backend.accounts.ownership import Owner
from backend.core.problems import Conflict, Unprocessable
from backend.inference.models import KEY_LENGTH, Analysis, KeyReservation

ABANDONED_AFTER = timedelta(minutes=5)  # a web process that dies leaves its reservation behind
_PRINTABLE = re.compile(rf"[\x21-\x7e]{{1,{KEY_LENGTH}}}")


@dataclass(frozen=True)
class RequestKey:
    """An owner's key and the digest of the request that came with it."""

    scope: str
    key: str
    digest: str


def key_check(key: str) -> str:
    """1 to 128 printable ASCII characters without spaces."""
    if not _PRINTABLE.fullmatch(key):
        raise Unprocessable(
            f"Idempotency-Key: 1 to {KEY_LENGTH} printable characters without spaces.",
            code="invalid_idempotency_key",
        )
    return key


def scope_of(owner: Owner) -> str:
    """Keys are the owner's own: two people may use the same one."""
    return f"user:{owner.user.pk}" if owner.user else f"anonymous:{owner.anonymous_id}"


def analysis_of_key(request_key: RequestKey) -> Analysis | None:
    """The analysis that this key made earlier; 422 when it was made from another request."""
    known = Analysis.objects.filter(
        idempotency_scope=request_key.scope, idempotency_key=request_key.key
    ).first()
    if known is not None and known.request_digest != request_key.digest:
        raise _reused()
    return known


@contextmanager
def key_reserved(request_key: RequestKey) -> Iterator[None]:
    """Hold the key while its request is answered; 409 when another request holds it."""
    reservation = _reserve(request_key)
    try:
        yield
    finally:
        KeyReservation.objects.filter(pk=reservation.pk).delete()


def reservations_purge() -> int:
    """Drop reservations that a dead web process left behind."""
    return KeyReservation.objects.filter(created_at__lt=timezone.now() - ABANDONED_AFTER).delete()[0]


def _reserve(request_key: RequestKey) -> KeyReservation:
    reservations_purge()
    try:
        with transaction.atomic():
            return KeyReservation.objects.create(
                scope=request_key.scope, key=request_key.key, request_digest=request_key.digest
            )
    except IntegrityError:
        raise _in_flight(request_key) from None


def _in_flight(request_key: RequestKey) -> Conflict | Unprocessable:
    other = KeyReservation.objects.filter(scope=request_key.scope, key=request_key.key).first()
    if other is not None and other.request_digest != request_key.digest:
        return _reused()
    return Conflict(
        "A request with this Idempotency-Key is still being answered: ask again.",
        code="idempotency_key_in_flight",
        headers={"Retry-After": "1"},
    )


def _reused() -> Unprocessable:
    return Unprocessable(
        "This Idempotency-Key came with another request before: use a new key for new content.",
        code="idempotency_key_reused",
    )
