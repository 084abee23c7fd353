"""Model versions: the list, a card, the history."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.permissions import MayReadModelCards, sees_model_records
from backend.registry.models import ActivationEvent, ModelVersion
from backend.registry.selectors import activation_events, model_versions_visible
from backend.registry.serializers import ActivationEventOutput, ModelCardOutput, ModelVersionOutput


class ModelVersionList(ListAPIView):
    """Versions that answer or once answered; every version for readers of the records."""

    permission_classes = (MayReadModelCards,)
    serializer_class = ModelVersionOutput
    queryset = ModelVersion.objects.none()
    filterset_fields = ("modality", "state")

    @extend_schema(operation_id="models_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Model versions, newest first."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[ModelVersion]:
        return model_versions_visible(all_of_them=sees_model_records(self.request))


class ModelCard(RetrieveAPIView):
    """One version's card."""

    permission_classes = (MayReadModelCards,)
    serializer_class = ModelCardOutput
    queryset = ModelVersion.objects.none()

    @extend_schema(operation_id="models_retrieve")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """The model card: intended use, limits, training, figures."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[ModelVersion]:
        return model_versions_visible(all_of_them=sees_model_records(self.request))


class ActivationHistory(ListAPIView):
    """Which version answered from when on, and why."""

    permission_classes = (MayReadModelCards,)
    serializer_class = ActivationEventOutput
    queryset = ActivationEvent.objects.none()
    filterset_fields = ("modality",)

    @extend_schema(operation_id="models_history")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Every activation, newest first; lines are never changed or removed."""
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[ActivationEvent]:
        return activation_events()
