"""At sign-in, batches of the browser session move to the account with their cases."""

import uuid
from typing import Any

from django.dispatch import receiver

from backend.accounts.models import User
from backend.accounts.ownership import owner_claimed
from backend.batches.models import Batch


@receiver(owner_claimed)
def batches_claim(sender: type[User], user: User, anonymous_id: uuid.UUID, **kwargs: Any) -> None:
    """Runs inside the sender's transaction."""
    Batch.objects.filter(owner=None, anonymous_id=anonymous_id).update(owner=user, anonymous_id=None)
