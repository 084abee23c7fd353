"""Writes that people ask for: compare a candidate, stop comparing."""

import uuid

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from backend.accounts.models import User
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record
from backend.comparisons.choices import ComparisonState
from backend.comparisons.dispatch import dispatch_on_commit
from backend.comparisons.models import Comparison, ComparisonCase
from backend.comparisons.states import comparison_lock
from backend.core.problems import Conflict
from backend.inference.answer import most_probable
from backend.inference.choices import OPEN_STATES, FirstReadState, PredictionState
from backend.inference.models import Analysis, Prediction
from backend.registry.choices import EventAction, VersionState
from backend.registry.errors import RegistryError
from backend.registry.history import reason_required, version_event_record
from backend.registry.models import ModelVersion

MOST_CASES = 1000
ROWS_AT_ONCE = 200


def comparison_request(*, candidate: ModelVersion, last: int, actor: User, reason: str) -> Comparison:
    """Queue the candidate over the last answers of its modality, or refuse with a reason."""
    _refuse_candidate(candidate)
    reason = reason_required(reason)
    with transaction.atomic():
        answered = _last_answered(candidate.modality, last)
        if not answered:
            raise Conflict("No image of this modality has been answered yet.", code="nothing_to_compare")
        comparison = Comparison.objects.create(
            candidate=candidate,
            modality=candidate.modality,
            requested_by=actor,
            reason=reason,
            dispatched_at=timezone.now(),
        )
        cases = [_case(comparison, row, position) for position, row in enumerate(answered)]
        ComparisonCase.objects.bulk_create(cases, batch_size=ROWS_AT_ONCE)
        version_event_record(action=EventAction.COMPARED, version=candidate, actor=actor, reason=reason)
        dispatch_on_commit()
    return comparison


def _refuse_candidate(candidate: ModelVersion) -> None:
    if candidate.is_fusion:
        raise RegistryError("not_comparable", "A fusion answers no image: there is nothing to run again.")
    if candidate.state == VersionState.ACTIVE:
        raise RegistryError("active", "This version answers already: compare another one with it.")
    if candidate.state != VersionState.CHECKED:
        raise RegistryError("not_checked", "Only a version that passed its check can be compared.")


def _last_answered(modality: str, last: int) -> list[Prediction]:
    """Newest first. Their analyses are held, so that none is deleted while rows here begin to point to it."""
    succeeded = Prediction.objects.filter(
        state=PredictionState.SUCCEEDED, image__modality=modality, image__kept=True
    )
    succeeded = succeeded.exclude(analysis__first_read=FirstReadState.AWAITED)  # its answer is nobody's yet
    newest = list(succeeded.order_by("-created_at", "-pk").values_list("pk", "analysis_id")[:last])
    analyses = Analysis.objects.select_for_update().filter(pk__in={analysis for _, analysis in newest})
    list(analyses.order_by("pk").values_list("pk"))
    still_there = Prediction.objects.in_bulk([pk for pk, _ in newest])
    return [still_there[pk] for pk, _ in newest if pk in still_there]


def _case(comparison: Comparison, prediction: Prediction, position: int) -> ComparisonCase:
    return ComparisonCase(
        comparison=comparison,
        prediction=prediction,
        position=position,
        answered_class=most_probable(prediction.probabilities),  # type: ignore[arg-type]  # a success has them
    )


def comparison_cancel(*, comparison_id: uuid.UUID) -> None:
    """No further case is begun, and the one at hand is not kept; 409 when it has ended already."""
    with transaction.atomic():
        if not comparison_lock(comparison_id):
            raise Conflict("This comparison has ended already.", code="already_finished")
        open_cases = ComparisonCase.objects.filter(comparison_id=comparison_id, state__in=OPEN_STATES)
        open_cases.update(state=PredictionState.CANCELLED, finished_at=Now(), lease_expires_at=None)
        Comparison.objects.filter(pk=comparison_id).update(state=ComparisonState.CANCELLED, finished_at=Now())
        audit_record(AuditAction.COMPARISON_CANCELLED, ObjectKind.COMPARISON, comparison_id)
