"""Checks of burned-in text whose message got lost: asked for again, and given up in the end. No torch."""

from datetime import timedelta

from django.db.models.functions import Now

from backend.core.moments import from_now
from backend.core.queue import hint_send
from backend.inference.choices import TextCheckState
from backend.inference.models import Prediction
from backend.inference.tasks import look_again

ASK_AGAIN = timedelta(minutes=2)  # a check takes about a second; others may wait before it
GIVE_UP = timedelta(minutes=5)  # an image that breaks its worker breaks no more than three
AT_ONCE = 64


def text_checks_ask_again() -> None:
    """Part of the sweep."""
    due = Prediction.objects.filter(text_check_due__lt=Now())
    due.filter(finished_at__lt=from_now(-GIVE_UP)).update(
        text_check={"state": TextCheckState.FAILED.value}, text_check_due=None
    )
    asked = list(due.order_by("text_check_due").values_list("pk", flat=True)[:AT_ONCE])
    Prediction.objects.filter(pk__in=asked, text_check_due__isnull=False).update(
        text_check_due=from_now(ASK_AGAIN)
    )
    for pk in asked:
        hint_send(look_again, str(pk))
