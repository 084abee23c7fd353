"""At sign-in, by whichever door: the idle clock starts, anonymous work moves to the account."""

import time
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from backend.accounts.idle import SEEN_AT
from backend.accounts.models import User
from backend.accounts.ownership import SESSION_KEY, owner_claimed, session_anonymous_id


@receiver(user_logged_in)
def start_idle_clock(sender: type[User], request: HttpRequest, **kwargs: Any) -> None:
    """A session that is never used again must end too."""
    request.session[SEEN_AT] = time.time()


@receiver(user_logged_in)
def claim_anonymous_work(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Send `owner_claimed` once; the session then forgets its anonymous id."""
    anonymous_id = session_anonymous_id(request)
    if anonymous_id is None:
        return
    with transaction.atomic():
        owner_claimed.send(sender=User, user=user, anonymous_id=anonymous_id)
    del request.session[SESSION_KEY]
