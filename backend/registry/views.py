"""Model versions over REST: look, upload, activate, retire, check again."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import MayManageModels, MayReadModelCards, sees_model_records
from backend.core.schema import problems
from backend.registry.card_markdown import card_markdown
from backend.registry.errors import RegistryError, registry_problem
from backend.registry.intake import incoming_file, refuse_without_room
from backend.registry.models import ModelVersion
from backend.registry.selectors import model_versions_visible, with_checks
from backend.registry.serializers import (
    ModelCardOutput,
    ModelUploadInput,
    ModelVersionOutput,
    ReasonInput,
)
from backend.registry.services import (
    model_version_activate,
    model_version_recheck,
    model_version_retire,
    model_version_upload,
)
from backend.registry.uploads import ModelUploadParser, model_form_read

LOCATION = OpenApiParameter("Location", str, OpenApiParameter.HEADER, response=[202], description="The card.")
MARKDOWN = "text/markdown; charset=utf-8"


class ModelVersionList(ListAPIView):
    """Versions that answer or once answered; every version for readers of the records."""

    serializer_class = ModelVersionOutput
    queryset = ModelVersion.objects.none()
    filterset_fields = ("modality", "state")
    parser_classes = (ModelUploadParser,)
    max_body_bytes = settings.MAX_MODEL_BYTES

    def get_permissions(self) -> list[BasePermission]:
        return [MayManageModels() if self.request.method == "POST" else MayReadModelCards()]

    @extend_schema(operation_id="models_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Model versions, newest first."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[ModelVersion]:
        visible = model_versions_visible(all_of_them=sees_model_records(self.request))
        return with_checks(visible, findings=False)

    @extend_schema(
        operation_id="models_create",
        request={"multipart/form-data": ModelUploadInput},
        parameters=[LOCATION],
        responses={
            202: OpenApiResponse(ModelCardOutput, description="Stored; its check waits for a worker."),
            **problems(409, 413, 422, 503),
        },
    )
    def post(self, request: Request) -> Response:
        """Bring in a version. It can become active once its check has passed."""
        try:
            refuse_without_room(int(request.META.get("CONTENT_LENGTH") or 0))
            with incoming_file() as incoming:
                form = model_form_read(request, incoming)
                version = model_version_upload(
                    checked=incoming.finish(),
                    reason=form.reason,
                    actor=request.user,  # type: ignore[arg-type]
                    name=form.name,
                    sha256=form.sha256,
                )
        except RegistryError as error:
            raise registry_problem(error) from None
        location = request.build_absolute_uri(f"{request.path}{version.pk}/")
        return Response(
            _card(request, _version(version.pk, all_of_them=True)),
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": location},
        )


class ModelCard(APIView):
    """One version's card."""

    permission_classes = (MayReadModelCards,)

    @extend_schema(operation_id="models_retrieve", responses=ModelCardOutput)
    def get(self, request: Request, pk: str) -> Response:
        """The model card: intended use, limits, training, figures, and what the check found."""
        return Response(_card(request, _visible(request, pk)))


class ModelCardMarkdown(APIView):
    """The card as a page of text."""

    permission_classes = (MayReadModelCards,)

    @extend_schema(operation_id="models_card_markdown", responses={(200, "text/markdown"): OpenApiTypes.STR})
    def get(self, request: Request, pk: str) -> HttpResponse:
        """The model card as Markdown."""
        return HttpResponse(card_markdown(_visible(request, pk)), content_type=MARKDOWN)


class ModelAction(APIView):
    """Something that is done with a version, for a reason."""

    permission_classes = (MayManageModels,)

    def act(self, request: Request, pk: str, service: Any) -> dict[str, Any]:
        """The card afterwards; refusals of the service as problems."""
        version = _version(pk, all_of_them=True)  # who manages versions may name each of them
        given = request.data.get("reason") if isinstance(request.data, dict) else None
        reason = given if isinstance(given, str) else ""
        try:
            service(version=version, actor=request.user, reason=reason)
        except RegistryError as error:
            raise registry_problem(error) from None
        return _card(request, _version(pk, all_of_them=True))


class ModelActivate(ModelAction):
    """Make a version the one that answers."""

    @extend_schema(
        operation_id="models_activate",
        request=ReasonInput,
        responses={200: ModelCardOutput, **problems(409, 422)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """From the next task on this version answers; the former one returns to `checked`."""
        return Response(self.act(request, pk, model_version_activate))


class ModelRetire(ModelAction):
    """Put a version away."""

    @extend_schema(
        operation_id="models_retire",
        request=ReasonInput,
        responses={200: ModelCardOutput, **problems(409, 422)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """For good: a retired version never answers again. Its results stay explained."""
        return Response(self.act(request, pk, model_version_retire))


class ModelCheck(ModelAction):
    """Check a version again."""

    @extend_schema(
        operation_id="models_check",
        request=ReasonInput,
        parameters=[LOCATION],
        responses={202: ModelCardOutput, **problems(409, 422)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Have the version checked again; it can't become active until that has passed."""
        card = self.act(request, pk, model_version_recheck)
        location = request.build_absolute_uri("../")
        return Response(card, status=status.HTTP_202_ACCEPTED, headers={"Location": location})


def _visible(request: Request, pk: str) -> ModelVersion:
    return _version(pk, all_of_them=sees_model_records(request))


def _version(pk: object, *, all_of_them: bool) -> ModelVersion:
    visible = model_versions_visible(all_of_them=all_of_them)
    return get_object_or_404(with_checks(visible, findings=True), pk=pk)


def _card(request: Request, version: ModelVersion) -> dict[str, Any]:
    return dict(ModelCardOutput(version, context={"request": request}).data)
