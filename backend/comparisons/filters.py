"""What the lists can be narrowed to."""

from django_filters import rest_framework as filters  # type: ignore[import-untyped]

from backend.comparisons.models import Comparison, ComparisonCase
from backend.core.filters import StrictFilterSet


class ComparisonFilter(StrictFilterSet):
    """By the candidate's id."""

    candidate = filters.UUIDFilter(field_name="candidate_id")

    class Meta:
        model = Comparison
        fields: list[str] = []


class ComparisonCaseFilter(StrictFilterSet):
    """`changed=true`: the candidate names another class; `false`: the same."""

    changed = filters.BooleanFilter()

    class Meta:
        model = ComparisonCase
        fields: list[str] = []
