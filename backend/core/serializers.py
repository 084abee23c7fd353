"""Shapes that every app's schema refers to."""

from rest_framework import serializers


class ReasonOutput(serializers.Serializer):
    """Why something is refused, flagged or failed."""

    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOutput(serializers.Serializer):
    """RFC 9457 problem details: every error of this API has this shape."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable: programs tell errors apart by it.")
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=ReasonOutput(many=True), required=False, help_text="Reasons by field name."
    )
