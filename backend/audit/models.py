"""One line for each thing that has to be accounted for. Lines outlive what they are about."""

from django.db import models

from backend.audit.choices import ActorKind, AuditAction, ObjectKind
from backend.core.models import AppendOnlyModel

DETAIL_LENGTH = 120


class AuditEvent(AppendOnlyModel):
    """Who did what to which object, when and from where. No label, no token, no image: ids and words of ours.

    Ids are plain columns and not foreign keys, so that the line stays when the object goes.
    """

    action = models.CharField(max_length=32, choices=AuditAction.choices)
    actor_kind = models.CharField(max_length=16, choices=ActorKind.choices)
    actor_id = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=150, blank=True)
    object_kind = models.CharField(max_length=16, choices=ObjectKind.choices, blank=True)
    object_id = models.UUIDField(null=True, blank=True)
    detail = models.CharField(max_length=DETAIL_LENGTH, blank=True)
    address = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    once_key = models.CharField(
        max_length=160,
        unique=True,
        null=True,
        editable=False,
        help_text="Who, what, which and the hour, where one line an hour is enough.",
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["action", "-created_at"], name="audit_by_action"),
            models.Index(fields=["actor_name", "-created_at"], name="audit_by_actor"),
            models.Index(fields=["object_id"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} by {self.actor_name or self.get_actor_kind_display()}"
