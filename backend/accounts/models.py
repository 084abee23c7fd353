"""Who uses the server: accounts and their API tokens."""

import hashlib
import secrets
import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from backend.accounts.scopes import Scope
from backend.core.models import BaseModel

TOKEN_PREFIX = "cvln_"  # noqa: S105 (a mark by which secret scanners know our tokens)
SHOWN_CHARACTERS = 12
NAME_LENGTH = 80


class User(AbstractUser):
    """An account; roles are Django groups."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sessions_ended = models.PositiveIntegerField(
        default=0, editable=False, help_text="How often all of the account's sessions were ended at once."
    )
    first_read = models.BooleanField(
        default=False, help_text="Own read before the model's answer, where the site leaves it to each user."
    )

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What every session of the account must match: changed with the password, or to end them all."""
        unchanged: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{unchanged}.{self.sessions_ended}" if self.sessions_ended else unchanged


def token_digest(token: str) -> str:
    """sha256 of the token: it is 256 random bits, so no salt or slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_new() -> str:
    """A fresh secret, shown to its owner once."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


class ApiToken(BaseModel):
    """A personal token for programs: only its digest is kept, and the first characters to know it by."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=NAME_LENGTH)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField(max_length=SHOWN_CHARACTERS, editable=False)
    scopes = models.JSONField(default=list, editable=False)
    second_factor = models.BooleanField(
        default=False, editable=False, help_text="Made in a session that had shown a second factor."
    )
    expires_at = models.DateTimeField(editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user}"

    @property
    def is_expired(self) -> bool:
        """Its time is over: it signs nobody in any more."""
        return self.expires_at <= timezone.now()

    def has_any(self, *scopes: Scope) -> bool:
        """Whether the token may be used for one of these."""
        return not self.is_expired and any(scope.value in self.scopes for scope in scopes)
