"""Whose work is it: an account's, or that of one browser session."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.dispatch import Signal
from django.http import HttpRequest
from rest_framework.request import Request

from backend.accounts.models import User
from backend.accounts.roles import changes_everything, reads_everything

SESSION_KEY = "anonymous_id"

owner_claimed = Signal()
"""Sent at sign-in with `user` and `anonymous_id` (UUID); receivers move the rows in one transaction."""


@dataclass(frozen=True)
class Owner:
    """Exactly one of the two is set, or neither (a visitor who has made nothing yet)."""

    user: User | None = None
    anonymous_id: uuid.UUID | None = None

    @property
    def is_nobody(self) -> bool:
        return self.user is None and self.anonymous_id is None

    def as_fields(self) -> dict[str, Any]:
        """Values for a row's `owner` and `anonymous_id` columns."""
        return {"owner": self.user, "anonymous_id": self.anonymous_id}

    def as_filter(self, prefix: str = "") -> Q:
        """Rows of this owner; `prefix` leads to the owned row, such as `case__`. Nobody owns nothing."""
        if self.user is not None:
            return Q(**{f"{prefix}owner": self.user})
        if self.anonymous_id is not None:
            return Q(**{f"{prefix}owner": None, f"{prefix}anonymous_id": self.anonymous_id})
        return Q(pk__in=[])


@dataclass(frozen=True)
class Everybody:
    """Reaches the work of every account and every browser session."""

    def as_filter(self, prefix: str = "") -> Q:
        """Every row."""
        return Q()


Reach = Owner | Everybody


def readable_by(request: Request | HttpRequest) -> Reach:
    """Whose work this request may look at: one's own, or everybody's for auditors and site admins."""
    return Everybody() if reads_everything(request.user) else owner_of(request)


def changeable_by(request: Request | HttpRequest) -> Reach:
    """Whose work this request may cancel and delete: one's own, or everybody's for site admins."""
    return Everybody() if changes_everything(request.user) else owner_of(request)


def owner_of(request: Request | HttpRequest, *, create: bool = False) -> Owner:
    """The owner behind a request; `create` gives an anonymous browser session its id (and cookie)."""
    if isinstance(request.user, User):
        return Owner(user=request.user)
    anonymous_id = session_anonymous_id(request)
    if anonymous_id is None and create:
        anonymous_id = uuid.uuid4()
        request.session[SESSION_KEY] = str(anonymous_id)
    return Owner(anonymous_id=anonymous_id)


def session_anonymous_id(request: Request | HttpRequest) -> uuid.UUID | None:
    """The id under which this browser session worked before sign-in, if it did."""
    stored = request.session.get(SESSION_KEY)
    return uuid.UUID(stored) if stored else None
