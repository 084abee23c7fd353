"""The history over REST: all of it, one version's, and which version answered when."""

from datetime import datetime, time

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import MayReadModelCards, MayReadModelRecords, sees_model_records
from backend.core.problems import Unprocessable
from backend.core.query import query_of
from backend.core.schema import problems
from backend.registry.models import ModelVersion, VersionEvent
from backend.registry.selectors import answering_at, version_events
from backend.registry.serializers import AnsweringOutput, VersionEventOutput

AT = OpenApiParameter(
    "at",
    str,
    description="A moment in ISO 8601, UTC unless it says otherwise; a day means its end. Default: now.",
)


class History(ListAPIView):
    """Who did what, when and why; activations alone unless one reads the records."""

    permission_classes = (MayReadModelCards,)
    serializer_class = VersionEventOutput
    queryset = VersionEvent.objects.none()
    filterset_fields = ("modality", "action")

    @extend_schema(operation_id="models_history")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Newest first; lines are never changed or removed."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[VersionEvent]:
        return version_events(all_of_them=sees_model_records(self.request))


class ModelEvents(ListAPIView):
    """One version's part of the history."""

    permission_classes = (MayReadModelRecords,)
    serializer_class = VersionEventOutput
    queryset = VersionEvent.objects.none()

    @extend_schema(operation_id="models_events")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """What happened to this version, newest first."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[VersionEvent]:
        version = get_object_or_404(ModelVersion, pk=self.kwargs["pk"])
        return version_events(all_of_them=True).filter(version=version)


class Answering(APIView):
    """Which version answered at a moment."""

    permission_classes = (MayReadModelCards,)

    @extend_schema(
        operation_id="models_answering", parameters=[AT], responses={200: AnsweringOutput, **problems(422)}
    )
    def get(self, request: Request) -> Response:
        """By modality: the version that was active at `at`, since when, and why."""
        moment = _moment(query_of(request).get("at", ""))
        return Response(AnsweringOutput({"at": moment, "versions": answering_at(moment)}).data)


def _moment(text: str) -> datetime:
    """A day means its end; a zone that is not given is UTC; a `+` that came as a blank is put back."""
    if not text:
        return timezone.now()
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        raise Unprocessable("`at` is not a time in ISO 8601.", code="invalid_time") from None
    if len(text) == len("2026-01-31"):
        moment = datetime.combine(moment, time.max)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
