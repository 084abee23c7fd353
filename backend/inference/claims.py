"""Taking work: one guarded update, so that no two workers ever run the same attempt."""

import uuid
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Now

from backend.core.moments import from_now
from backend.inference.choices import PredictionState
from backend.inference.holders import this_process
from backend.inference.leases import LEASE, held
from backend.inference.models import Prediction
from backend.registry.locks import modality_lock
from backend.registry.selectors import active_version


def claim(hint: uuid.UUID, *, batch: int, most: int = 0) -> list[Prediction]:
    """The hinted prediction if it is still queued, and further ones of its modality: as many as make a batch,
    and beyond that up to `most` in all, but never more than half of those that wait: the rest is for others.

    All of them get the version that is active at this moment: what was queued before a switch is answered by
    the version after it. Work on the first batch begins at once; what is taken beyond it is only held, until
    `begin`. A row that was begun before is claimed alone: a poison image must hurt no neighbour."""
    with transaction.atomic():
        hinted = _unlocked().select_related("image").filter(pk=hint).first()
        if hinted is None:
            return []
        modality = hinted.image.modality
        ids = [hinted.pk, *(_neighbours(hinted, modality, batch, most) if hinted.starts == 0 else [])]
        modality_lock(modality, shared=True)  # what is active now stays so until the rows say it
        active = active_version(modality)
        Prediction.objects.filter(pk__in=ids, state=PredictionState.QUEUED).update(
            state=PredictionState.RUNNING,
            attempt=F("attempt") + 1,
            starts=F("starts") + Case(When(pk__in=ids[:batch], then=1), default=0),
            started_at=Now(),
            lease_expires_at=from_now(LEASE),
            held_by=this_process(),
            model_version_id=hinted.model_version_id if active is None else active.pk,
        )
    claimed = Prediction.objects.filter(pk__in=ids).select_related("image", "model_version")
    return sorted(claimed, key=lambda row: ids.index(row.pk))


def next_waiting() -> uuid.UUID | None:
    """The oldest prediction that is queued and was never begun: one that was waits for a hint of its own."""
    queued = Prediction.objects.filter(state=PredictionState.QUEUED, starts=0).order_by("created_at")
    return queued.values_list("pk", flat=True).first()


def begin(rows: Sequence[Prediction]) -> None:
    """Work on these claimed rows begins now."""
    held_rows = Prediction.objects.filter(held({row.pk: row.attempt for row in rows}))
    held_rows.update(starts=F("starts") + 1, started_at=Now())
    for row in rows:
        row.starts += 1


def _neighbours(hinted: Prediction, modality: str, batch: int, most: int) -> list[uuid.UUID]:
    """Oldest first; no more are looked at than are needed to take half of them."""
    looked_at = max(batch - 1, 2 * (most - 1))
    if looked_at < 1:
        return []
    alike = _unlocked().filter(image__modality=modality, starts=0).exclude(pk=hinted.pk)
    waiting = list(alike.order_by("created_at").values_list("pk", flat=True)[:looked_at])
    return waiting[: max(batch - 1, len(waiting) // 2)]


def _unlocked() -> QuerySet[Prediction]:
    """Queued rows that no other claim is taking at this moment; their images are not locked with them."""
    skip = connection.features.has_select_for_update_skip_locked
    queued = Prediction.objects.filter(state=PredictionState.QUEUED)
    return queued.select_for_update(skip_locked=skip, of=("self",))
