"""Looking at files costs the web process time: so many a minute and person, or address."""

from django.conf import settings
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from backend.core.addresses import client_address
from backend.core.counter import count_event

WINDOW_S = 60


def preview_count(request: Request) -> None:
    """Count a look; Throttled (429) when there were too many within the minute."""
    who = str(request.user.pk) if request.user.is_authenticated else client_address(request._request)
    if count_event("preview", who, window_s=WINDOW_S) > settings.PREVIEWS_PER_MINUTE:
        raise Throttled(wait=WINDOW_S, detail="Too many previews: wait a moment.")
