"""The state of an analysis follows from its predictions, and is written in the same transaction as theirs.

Whoever changes predictions locks the analysis first, so that two last predictions can't both miss the end."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from backend.inference.answer import case_answer, most_probable, said_by
from backend.inference.choices import TERMINAL_STATES, AnalysisState, PredictionState
from backend.inference.forgetting import forget_on_commit
from backend.inference.fusing import fusion_for
from backend.inference.models import Analysis, Prediction

_NEEDED = (
    "state", "probabilities", "p_values", "set_level", "image__modality", "model_version__tensor_sha256",
)  # fmt: skip


def analysis_state_of(states: Iterable[str]) -> AnalysisState:
    """One word for the states of all predictions of an analysis."""
    found = set(states)
    if not found <= set(TERMINAL_STATES):
        return AnalysisState.QUEUED if found == {PredictionState.QUEUED} else AnalysisState.RUNNING
    if PredictionState.CANCELLED in found:
        return AnalysisState.CANCELLED
    if PredictionState.SUCCEEDED not in found:
        return AnalysisState.FAILED
    return AnalysisState.PARTIAL if PredictionState.FAILED in found else AnalysisState.SUCCEEDED


def analysis_lock(analysis_id: uuid.UUID) -> bool:
    """Hold the analysis until the transaction ends; False when it has been deleted."""
    return Analysis.objects.select_for_update().filter(pk=analysis_id).values("pk").first() is not None


def analyses_begin(analysis_ids: Iterable[uuid.UUID]) -> None:
    """Work on a prediction of each has begun: those that were queued run.

    All are locked, in one order, so that two claims can't wait for each other."""
    with transaction.atomic():
        held = Analysis.objects.select_for_update().filter(
            pk__in=set(analysis_ids), state=AnalysisState.QUEUED
        )
        waiting = [row["pk"] for row in held.order_by("pk").values("pk")]
        begun = Prediction.objects.filter(analysis=OuterRef("pk")).exclude(state=PredictionState.QUEUED)
        Analysis.objects.filter(Exists(begun), pk__in=waiting).update(state=AnalysisState.RUNNING)


def analysis_refresh(analysis_id: uuid.UUID) -> None:
    """Write what follows from the predictions. A terminal analysis never changes again. Lock it first."""
    rows = list(
        Prediction.objects.filter(analysis_id=analysis_id)
        .select_related("image", "model_version")
        .only(*_NEEDED)
    )
    state = analysis_state_of(row.state for row in rows)
    still_open = Analysis.objects.filter(pk=analysis_id, finished_at__isnull=True)
    if state in (AnalysisState.QUEUED, AnalysisState.RUNNING):
        still_open.exclude(state=state).update(state=state)
        return
    fusion_id, fusion = fusion_for(rows)
    answer = case_answer(said_by(rows), fusion)
    named = most_probable(answer.probabilities) if answer else ""
    if still_open.update(state=state, finished_at=Now(), answered_class=named, fusion=fusion_id):
        forget_on_commit(analysis_id)
