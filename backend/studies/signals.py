"""At sign-in, cases of the browser session move to the account."""

import uuid
from typing import Any

from django.dispatch import receiver

from backend.accounts.models import User
from backend.accounts.ownership import owner_claimed
from backend.studies.models import Case


@receiver(owner_claimed)
def cases_claim(sender: type[User], user: User, anonymous_id: uuid.UUID, **kwargs: Any) -> None:
    """Runs inside the sender's transaction."""
    Case.objects.filter(owner=None, anonymous_id=anonymous_id).update(owner=user, anonymous_id=None)
