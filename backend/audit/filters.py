"""What the audit log can be narrowed to."""

from django_filters import rest_framework as filters  # type: ignore[import-untyped]

from backend.audit.choices import ActorKind, AuditAction
from backend.audit.models import AuditEvent
from backend.core.filters import StrictFilterSet, TextFilter


class AuditFilter(StrictFilterSet):
    """By action, by who, by which object, by time."""

    action = filters.MultipleChoiceFilter(choices=AuditAction.choices)
    actor = TextFilter(
        field_name="actor_name", lookup_expr="icontains", max_length=150, help_text="A part of a user name."
    )
    actor_kind = filters.ChoiceFilter(choices=ActorKind.choices)
    object = filters.UUIDFilter(field_name="object_id", help_text="The id of what it was done to.")
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = AuditEvent
        fields: list[str] = []
