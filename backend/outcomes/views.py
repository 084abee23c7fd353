"""First read, verdict, pathology: what clinicians add to an analysis."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.accounts.ownership import Reach, changeable_by, owner_of, readable_by
from backend.accounts.permissions import MayUseAnalyses
from backend.accounts.views import checked
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record_hourly
from backend.core.schema import problems
from backend.inference.models import Analysis
from backend.inference.selectors import analyses_within
from backend.outcomes.selectors import pathology_of, read_of, verdicts_of
from backend.outcomes.serializers import (
    PathologiesOutput,
    PathologyInput,
    ReadingOutput,
    ReadInput,
    VerdictInput,
    pathology_shown,
    reading_shown,
)
from backend.outcomes.services import pathology_record, read_save, verdict_record


class ReadView(APIView):
    """One's own read before the model's answer."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(operation_id="analyses_reading", responses=ReadingOutput)
    def get(self, request: Request, pk: str) -> Response:
        """Whether a first read is awaited; the read and the verdicts that were saved."""
        return _reading(_within(readable_by(request), pk))

    @extend_schema(
        operation_id="analyses_read",
        request=ReadInput,
        responses={201: ReadingOutput, **problems(409)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Save one's own read, for good: from now on the model's answer is shown. Only the owner reads."""
        analysis = _within(owner_of(request), pk)
        read_save(analysis=analysis, author=_author(request), **checked(ReadInput, request))
        return _reading(_within(owner_of(request), pk), status.HTTP_201_CREATED)


class VerdictView(APIView):
    """Agree or override."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(
        operation_id="analyses_verdict",
        request=VerdictInput,
        responses={201: ReadingOutput, **problems(409, 422)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Agree with the model's answer, or override it with a reason; the latest verdict counts."""
        analysis = _within(changeable_by(request), pk)
        verdict_record(analysis=analysis, author=_author(request), **checked(VerdictInput, request))
        return _reading(analysis, status.HTTP_201_CREATED)


class PathologyView(APIView):
    """What pathology found."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(operation_id="analyses_pathology", responses=PathologiesOutput)
    def get(self, request: Request, pk: str) -> Response:
        """What was entered for the case, newest first: the first entry counts."""
        analysis = _within(readable_by(request), pk)
        audit_record_hourly(AuditAction.RESULT_VIEWED, ObjectKind.ANALYSIS, analysis.pk)
        return _pathology(analysis)

    @extend_schema(
        operation_id="analyses_pathology_create",
        request=PathologyInput,
        responses={201: PathologiesOutput, **problems(422)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Enter it, or correct what was entered: the former entries stay as the history."""
        analysis = _within(changeable_by(request), pk)
        pathology_record(analysis=analysis, author=_author(request), **checked(PathologyInput, request))
        return _pathology(analysis, status.HTTP_201_CREATED)


def _within(reach: Reach, pk: str) -> Analysis:
    return get_object_or_404(analyses_within(reach), pk=pk)


def _author(request: Request) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _answer(body: dict[str, Any], code: int) -> Response:
    return Response(body, status=code, headers={"Cache-Control": "no-store"})


def _reading(analysis: Analysis, code: int = status.HTTP_200_OK) -> Response:
    return _answer(reading_shown(analysis.first_read, read_of(analysis), verdicts_of(analysis)), code)


def _pathology(analysis: Analysis, code: int = status.HTTP_200_OK) -> Response:
    return _answer(pathology_shown(pathology_of(analysis)), code)
