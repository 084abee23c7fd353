"""At sign-in, the idempotency keys of the browser session move to the account with its cases."""

import uuid
from typing import Any

from django.dispatch import receiver

from backend.accounts.models import User
from backend.accounts.ownership import Owner, owner_claimed
from backend.inference.idempotency import scope_of
from backend.inference.models import Analysis


@receiver(owner_claimed)
def keys_claim(sender: type[User], user: User, anonymous_id: uuid.UUID, **kwargs: Any) -> None:
    """Runs inside the sender's transaction. A key that the account used itself keeps its meaning there."""
    scope = scope_of(Owner(user=user))
    moved = Analysis.objects.filter(idempotency_scope=scope_of(Owner(anonymous_id=anonymous_id)))
    taken = list(Analysis.objects.filter(idempotency_scope=scope).values_list("idempotency_key", flat=True))
    moved.filter(idempotency_key__in=taken).update(idempotency_scope="", idempotency_key="")
    moved.update(idempotency_scope=scope)
