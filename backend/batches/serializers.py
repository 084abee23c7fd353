"""Shapes of the API for batches."""

from typing import Any

from rest_framework import serializers

from backend.batches.models import NAME_LENGTH, Batch
from backend.core.fields import TextField
from backend.inference.serializers import AnalysisOutput


class BatchInput(serializers.Serializer):
    """What a batch is called."""

    name = TextField(
        max_length=NAME_LENGTH,
        required=False,
        allow_blank=True,
        default="",
        help_text="Never a patient's name.",
    )


class BatchOutput(serializers.ModelSerializer):
    """A batch and how far it is: `waiting` and the five ends add up to `total`."""

    owner = serializers.CharField(
        source="owner.username", allow_null=True, default=None, help_text="Null for anonymous work."
    )
    total = serializers.IntegerField(help_text="Cases that were accepted.")
    waiting = serializers.IntegerField(help_text="Queued or running.")
    succeeded = serializers.IntegerField()
    partial = serializers.IntegerField(  # type: ignore[assignment]  # a declared field, taken off the class
        help_text="Not every image has an answer."
    )
    failed = serializers.IntegerField()
    cancelled = serializers.IntegerField()

    class Meta:
        model = Batch
        fields = (
            "id",
            "name",
            "owner",
            "created_at",
            "total",
            "waiting",
            "succeeded",
            "partial",
            "failed",
            "cancelled",
        )


class BatchResultsOutput(serializers.Serializer):
    """The whole batch in one file."""

    batch: Any = BatchOutput()
    analyses: Any = AnalysisOutput(many=True)
