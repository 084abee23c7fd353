"""Shapes of the API for reads, verdicts and pathology."""

from typing import Any

from rest_framework import serializers

from backend.core.fields import TextField, TruthField
from backend.inference.choices import FirstReadState
from backend.outcomes.choices import CLASS_CHOICES, REASON_LENGTH, Confidence
from backend.outcomes.models import ClinicianRead, Pathology, Verdict


class WithClass(serializers.Serializer):
    """Shows and takes `class_name` as `class`, which can't be written as a field's name in Python."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        return {"class": fields.pop("class_name"), **fields}


class ReadInput(WithClass):
    """One's own call."""

    class_name = serializers.ChoiceField(choices=CLASS_CHOICES, source="class_name")
    confidence = serializers.ChoiceField(choices=Confidence.choices)


class VerdictInput(WithClass):
    """Agree, or override with another class and a reason."""

    agrees = TruthField()
    class_name = serializers.ChoiceField(
        choices=CLASS_CHOICES, source="class_name", required=False, allow_null=True, default=None
    )
    reason = TextField(max_length=REASON_LENGTH, required=False, allow_blank=True, default="")


class PathologyInput(WithClass):
    """What pathology found."""

    class_name = serializers.ChoiceField(choices=CLASS_CHOICES, source="class_name")
    reported_on = serializers.DateField(help_text="The date of the report: not in the future.")
    note = TextField(
        max_length=REASON_LENGTH, required=False, allow_blank=True, default="", help_text="Never a name."
    )


class StatementOutput(WithClass):
    """Who said which class, and when."""

    id = serializers.UUIDField()
    created_at = serializers.DateTimeField()
    author = serializers.CharField(
        source="author.username", allow_null=True, default=None, help_text="Null for anonymous work."
    )
    class_name = serializers.ChoiceField(choices=CLASS_CHOICES, source="class_name")


class ReadOutput(StatementOutput):
    """The read that was saved before the model's answer was shown."""

    confidence = serializers.ChoiceField(choices=Confidence.choices)


class VerdictOutput(StatementOutput):
    """One verdict."""

    agrees = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)


class PathologyOutput(StatementOutput):
    """One entry."""

    reported_on = serializers.DateField()
    note = serializers.CharField(allow_blank=True)


class ReadingOutput(serializers.Serializer):
    """What the clinician said of an analysis."""

    first_read = serializers.ChoiceField(choices=FirstReadState.choices)
    read = ReadOutput(allow_null=True)
    verdicts = VerdictOutput(many=True, help_text="Newest first: the first one counts.")


class PathologiesOutput(serializers.Serializer):
    """Newest first: the first one counts, the others are what it corrected."""

    entries = PathologyOutput(many=True)


def reading_shown(first_read: str, read: ClinicianRead | None, verdicts: list[Verdict]) -> dict[str, Any]:
    """What `ReadingOutput` shows."""
    return dict(ReadingOutput({"first_read": first_read, "read": read, "verdicts": verdicts}).data)


def pathology_shown(entries: list[Pathology]) -> dict[str, Any]:
    """What `PathologiesOutput` shows."""
    return dict(PathologiesOutput({"entries": entries}).data)
