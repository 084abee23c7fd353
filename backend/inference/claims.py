"""Taking work: one guarded update, so that no two workers ever run the same attempt."""

import uuid

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from backend.core.moments import from_now
from backend.inference.choices import PredictionState
from backend.inference.holders import this_process
from backend.inference.leases import LEASE
from backend.inference.models import Prediction
from backend.registry.locks import modality_lock
from backend.registry.selectors import active_version


def claim(hint: uuid.UUID, *, batch: int) -> list[Prediction]:
    """The hinted prediction if it is still queued, and up to batch - 1 further ones of its modality.

    All of them get the version that is active at this moment: what was queued before a switch is answered by
    the version after it. A row that was attempted before is claimed alone: a poison image must hurt no
    neighbour."""
    with transaction.atomic():
        hinted = _unlocked().select_related("image").filter(pk=hint).first()
        if hinted is None:
            return []
        modality = hinted.image.modality
        ids = [hinted.pk, *(_neighbours(hinted, modality, batch - 1) if hinted.attempt == 0 else [])]
        modality_lock(modality, shared=True)  # what is active now stays so until the rows say it
        active = active_version(modality)
        Prediction.objects.filter(pk__in=ids, state=PredictionState.QUEUED).update(
            state=PredictionState.RUNNING,
            attempt=F("attempt") + 1,
            started_at=Now(),
            lease_expires_at=from_now(LEASE),
            held_by=this_process(),
            model_version_id=hinted.model_version_id if active is None else active.pk,
        )
    claimed = Prediction.objects.filter(pk__in=ids).select_related("image", "model_version")
    return sorted(claimed, key=lambda row: ids.index(row.pk))


def _neighbours(hinted: Prediction, modality: str, most: int) -> list[uuid.UUID]:
    if most < 1:
        return []
    alike = _unlocked().filter(image__modality=modality, attempt=0).exclude(pk=hinted.pk)
    return list(alike.order_by("created_at").values_list("pk", flat=True)[:most])


def _unlocked() -> QuerySet[Prediction]:
    """Queued rows that no other claim is taking at this moment; their images are not locked with them."""
    skip = connection.features.has_select_for_update_skip_locked
    queued = Prediction.objects.filter(state=PredictionState.QUEUED)
    return queued.select_for_update(skip_locked=skip, of=("self",))
