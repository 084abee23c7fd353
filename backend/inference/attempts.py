"""How often an image is tried, and what a row looks like that waits for its next attempt."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from backend.inference.choices import PredictionState
from backend.inference.leases import held
from backend.inference.models import Prediction
from backend.inference.states import analysis_lock, analysis_refresh

MAX_STARTS = 2  # of work on one image; a row that was only taken along with others has not been tried
AGAIN: dict[str, Any] = {
    "state": PredictionState.QUEUED,
    "lease_expires_at": None,
    "started_at": None,
    "held_by": "",
    "dispatched_at": Now(),
}


def put_back(prediction: Prediction) -> bool:
    """Queue this attempt's image for another one; False when there is none left, or the row has moved on.

    No message is sent: the sweep hints at what has waited for a while, and by then the reason may be over."""
    if prediction.starts >= MAX_STARTS:
        return False
    with transaction.atomic():
        if not analysis_lock(prediction.analysis_id):
            return False
        row = Prediction.objects.filter(held({prediction.pk: prediction.attempt}))
        changed = row.update(**AGAIN)
        if changed:
            analysis_refresh(prediction.analysis_id)
    return bool(changed)
