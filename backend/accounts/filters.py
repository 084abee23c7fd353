"""What the list of accounts can be narrowed to."""

from django_filters import rest_framework as filters  # type: ignore[import-untyped]

from backend.accounts.models import User
from backend.accounts.serializers import ROLE_CHOICES


class UserFilter(filters.FilterSet):
    """By a part of the name, by role, by whether it may sign in."""

    username = filters.CharFilter(lookup_expr="icontains", max_length=150)
    role = filters.ChoiceFilter(field_name="groups__name", choices=ROLE_CHOICES)
    is_active = filters.BooleanFilter()

    class Meta:
        model = User
        fields: list[str] = []
