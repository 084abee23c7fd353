"""What the list of analyses can be narrowed to."""

from django_filters import rest_framework as filters  # type: ignore[import-untyped]

from backend.inference.choices import AnalysisState
from backend.inference.models import Analysis


class AnalysisFilter(filters.FilterSet):
    """By state, by a part of the case label, by owner, by date."""

    state = filters.MultipleChoiceFilter(choices=AnalysisState.choices)
    label = filters.CharFilter(field_name="case__label", lookup_expr="icontains", max_length=64)
    owner = filters.CharFilter(field_name="case__owner__username", max_length=150, help_text="A user name.")
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Analysis
        fields: list[str] = []
