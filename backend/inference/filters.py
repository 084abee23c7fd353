"""What the list of analyses can be narrowed to."""

import uuid

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters  # type: ignore[import-untyped]

from backend.core.filters import StrictFilterSet, TextFilter
from backend.inference.choices import AnalysisState, FirstReadState
from backend.inference.models import Analysis, Prediction
from ml.taxonomy import CLASS_NAMES

CLASS_CHOICES = [(name, name) for name in CLASS_NAMES]


class AnalysisFilter(StrictFilterSet):
    """By state, label, owner, date, the class that the case answer names, a version that answered."""

    state = filters.MultipleChoiceFilter(choices=AnalysisState.choices)
    label = TextFilter(field_name="case__label", lookup_expr="icontains", max_length=64)
    case_label = TextFilter(field_name="case__label", max_length=64, help_text="The whole label.")
    answer = filters.MultipleChoiceFilter(
        method="with_answer", choices=CLASS_CHOICES, help_text="The class that the case answer names."
    )
    version = filters.UUIDFilter(method="with_version", help_text="A model version's id.")
    owner = TextFilter(field_name="case__owner__username", max_length=150, help_text="A user name.")
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Analysis
        fields: list[str] = []

    def with_answer(self, rows: QuerySet[Analysis], name: str, value: list[str]) -> QuerySet[Analysis]:
        """Who has yet to read for themselves does not learn the answer by searching for it."""
        if not value:
            return rows
        return rows.exclude(first_read=FirstReadState.AWAITED).filter(answered_class__in=value)

    def with_version(self, rows: QuerySet[Analysis], name: str, value: uuid.UUID) -> QuerySet[Analysis]:
        """An analysis counts once, however many of its images the version was asked about."""
        asked = Prediction.objects.filter(analysis=OuterRef("pk"), model_version=value)
        return rows.filter(Exists(asked))
