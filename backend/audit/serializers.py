"""The shape of a line."""

from rest_framework import serializers

from backend.audit.models import AuditEvent


class AuditEventOutput(serializers.ModelSerializer):
    """Who did what to which object, when and from where."""

    class Meta:
        model = AuditEvent
        fields = (
            "id", "created_at", "action", "actor_kind", "actor_name", "actor_id", "object_kind", "object_id",
            "detail", "address", "request_id",
        )  # fmt: skip
        read_only_fields = fields
