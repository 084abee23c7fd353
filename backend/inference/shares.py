"""Links to an analysis for colleagues with an account: made, opened, revoked; they end by themselves."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.request import Request

from backend.accounts.models import User
from backend.accounts.ownership import readable_by
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record
from backend.core.problems import ApiProblem, Conflict
from backend.inference.models import Analysis, AnalysisShare, Prediction, ShareOpening
from backend.inference.selectors import analyses_within, narrow, predictions_within

LONGEST_DAYS = 90
MOST_LIVE_SHARES = 20  # of one analysis


def _token_hash(token: str) -> str:
    """sha256: the token is 256 random bits, so no salt or slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _live() -> Q:
    return Q(revoked_at=None, expires_at__gt=timezone.now())


def shares_of(analysis: Analysis) -> QuerySet[AnalysisShare]:
    """The links that still open the analysis, newest first, with who has opened them."""
    return AnalysisShare.objects.filter(_live(), analysis=analysis).prefetch_related("openings__user")


def share_create(*, analysis: Analysis, user: User, days: int) -> tuple[AnalysisShare, str]:
    """(link, its token). The token is in this answer and nowhere else."""
    with transaction.atomic():
        if shares_of(analysis).count() >= MOST_LIVE_SHARES:
            raise Conflict("Revoke a link first: there are too many.", code="too_many_shares")
        token = secrets.token_urlsafe(32)
        share = AnalysisShare.objects.create(
            analysis=analysis,
            created_by=user,
            token_hash=_token_hash(token),
            expires_at=timezone.now() + timedelta(days=days),
        )
        audit_record(AuditAction.SHARE_CREATED, ObjectKind.ANALYSIS, analysis.pk, detail=f"{days} days")
    return share, token


def share_revoke(*, share: AnalysisShare) -> None:
    """From now on the link opens nothing, also for those who have opened it."""
    AnalysisShare.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=timezone.now())
    audit_record(AuditAction.SHARE_REVOKED, ObjectKind.ANALYSIS, share.analysis_id)


def share_open(*, token: str, user: User) -> Analysis:
    """The analysis behind a link, which this account reads from now on. 404 when the link has ended."""
    share = AnalysisShare.objects.filter(_live(), token_hash=_token_hash(token)).first()
    if share is None:
        raise ApiProblem("This link is wrong, has ended or was revoked.", code="share_ended", status=404)
    ShareOpening.objects.get_or_create(share=share, user=user)
    audit_record(AuditAction.SHARE_OPENED, ObjectKind.ANALYSIS, share.analysis_id)
    return share.analysis


def analyses_readable(request: Request) -> QuerySet[Analysis]:
    """Those within reach, and those whose link this account has opened: to look at one, not to list."""
    return analyses_within(readable_by(request), also=Q(pk__in=_opened_by(request)))


def analysis_readable(request: Request, pk: str) -> Analysis:
    """One of them, with what an answer shows; 404 when there is none. Most who ask own it: whether a link was
    opened is looked for only when they do not."""
    try:
        return narrow(analyses_within(readable_by(request))).get(pk=pk)
    except Analysis.DoesNotExist:
        return get_object_or_404(narrow(analyses_readable(request)), pk=pk)


def predictions_readable(request: Request) -> QuerySet[Prediction]:
    """The predictions of `analyses_readable`, with their images."""
    return predictions_within(readable_by(request), also=Q(analysis__in=_opened_by(request)))


def _opened_by(request: Request) -> QuerySet[AnalysisShare, Any]:
    if not isinstance(request.user, User):
        return AnalysisShare.objects.none().values("analysis")
    return AnalysisShare.objects.filter(_live(), openings__user=request.user).values("analysis")
