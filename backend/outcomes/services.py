"""Writes that clinicians ask for: save the first read, agree or override, enter pathology."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from backend.accounts.models import User
from backend.core.problems import Conflict, Unprocessable
from backend.inference.answer import most_probable
from backend.inference.choices import FirstReadState
from backend.inference.fusing import answer_of_case
from backend.inference.models import Analysis
from backend.inference.states import analysis_lock
from backend.outcomes.models import ClinicianRead, Pathology, Verdict


@transaction.atomic
def read_save(*, analysis: Analysis, author: User | None, class_name: str, confidence: str) -> ClinicianRead:
    """The own read, once; from now on the model's answer is shown. 409 when none is awaited."""
    analysis_lock(analysis.pk)
    awaited = Analysis.objects.filter(pk=analysis.pk, first_read=FirstReadState.AWAITED)
    if not awaited.update(first_read=FirstReadState.SAVED):
        if ClinicianRead.objects.filter(analysis=analysis).exists():
            raise Conflict("Your read is saved already: it can't be changed.", code="read_exists")
        raise Conflict("No first read is asked for here: the answer is open.", code="read_not_asked")
    return ClinicianRead.objects.create(
        analysis=analysis, author=author, class_name=class_name, confidence=confidence
    )


def verdict_record(
    *, analysis: Analysis, author: User | None, agrees: bool, class_name: str | None, reason: str
) -> Verdict:
    """Agree with the model's answer, or override it with a class and a reason; the latest verdict counts."""
    answered = answered_class(analysis)
    reason = reason.strip()
    if agrees:
        return Verdict.objects.create(
            analysis=analysis, author=author, agrees=True, class_name=answered, reason=reason
        )
    if class_name is None or class_name == answered:
        raise _wrong("class", "another_class", "Name the class that overrides the model's answer.")
    if not reason:
        raise _wrong("reason", "reason_missing", "Say why you override the model's answer.")
    return Verdict.objects.create(
        analysis=analysis, author=author, agrees=False, class_name=class_name, reason=reason
    )


def answered_class(analysis: Analysis) -> str:
    """The class that the model names for the case; 409 while that is not known or not to be shown."""
    if analysis.is_withheld:
        raise Conflict("Save your own read first, then the model's answer is shown.", code="read_first")
    answer = answer_of_case(analysis)
    if answer is None:
        raise Conflict("There is no answer to agree with or to override.", code="no_answer")
    return most_probable(answer.probabilities)


def pathology_record(
    *, analysis: Analysis, author: User | None, class_name: str, reported_on: date, note: str
) -> Pathology:
    """Pathology of the analysis' case; what was entered before stays as the history."""
    if reported_on > timezone.localdate() + timedelta(days=1):  # the reader's day may be ahead of ours
        raise _wrong("reported_on", "in_future", "A report can't be of the future.")
    return Pathology.objects.create(
        case=analysis.case, author=author, class_name=class_name, reported_on=reported_on, note=note.strip()
    )


def _wrong(field: str, code: str, detail: str) -> Unprocessable:
    return Unprocessable(detail, code=code, errors={field: [{"code": code, "detail": detail}]})
