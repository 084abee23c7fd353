"""What the list of accounts can be narrowed to."""

from django_filters import rest_framework as filters  # type: ignore[import-untyped]

from backend.accounts.models import User
from backend.accounts.serializers import ROLE_CHOICES
from backend.core.filters import StrictFilterSet, TextFilter


class UserFilter(StrictFilterSet):
    """By a part of the name, by role, by whether it may sign in."""

    username = TextFilter(lookup_expr="icontains", max_length=150)
    role = filters.ChoiceFilter(field_name="groups__name", choices=ROLE_CHOICES)
    is_active = filters.BooleanFilter()

    class Meta:
        model = User
        fields: list[str] = []
