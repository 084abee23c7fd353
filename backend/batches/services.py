"""Writes that people ask for: make a batch, put an analysis into it, delete it with its cases."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from backend.accounts.ownership import Owner
from backend.batches.models import MOST_CASES, Batch, BatchCase
from backend.core.problems import Conflict
from backend.inference.models import Analysis
from backend.inference.services import analysis_delete

EMPTY_FOR = timedelta(days=1)


def batch_create(*, owner: Owner, name: str) -> Batch:
    """A batch without cases."""
    return Batch.objects.create(name=name.strip(), **owner.as_fields())


def room_check(batch: Batch) -> None:
    """409 before anything of one more case is read."""
    if batch.cases.count() >= MOST_CASES:
        raise Conflict(f"A batch holds at most {MOST_CASES} cases: begin another one.", code="batch_full")


@transaction.atomic
def case_add(*, batch: Batch, analysis: Analysis) -> None:
    """The analysis belongs to the batch from now on; again is no harm. 409 when it belongs to another one."""
    if not Batch.objects.select_for_update().filter(pk=batch.pk).exists():
        raise Conflict("This batch was deleted meanwhile: the case is kept on its own.", code="batch_gone")
    row, _ = BatchCase.objects.get_or_create(analysis=analysis, defaults={"batch": batch})
    if row.batch_id != batch.pk:
        raise Conflict("This analysis belongs to another batch.", code="other_batch")


def batch_delete(*, batch: Batch) -> None:
    """Its cases with images, answers and maps, one after another, then the batch. Can be asked for again."""
    for analysis in Analysis.objects.filter(batch_case__batch=batch).select_related("case"):
        analysis_delete(analysis=analysis)
    batch.delete()


@transaction.atomic
def empty_batches_purge() -> int:
    """Drop batches whose cases are all gone, or that never had one, a day after they were made."""
    old = Batch.objects.filter(cases=None, created_at__lt=timezone.now() - EMPTY_FOR)
    return old.delete()[0]
