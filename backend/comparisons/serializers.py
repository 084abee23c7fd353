"""Shapes of the API for comparisons: what is asked for, the figures, the cases side by side."""

from dataclasses import asdict
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.comparisons.choices import ANSWERED, CANDIDATE, ComparisonState
from backend.comparisons.models import Comparison, ComparisonCase
from backend.comparisons.services import MOST_CASES
from backend.comparisons.summary import Latency, Outcome, Summary
from backend.core.fields import TextField, WholeNumberField
from backend.core.serializers import ReasonOutput
from backend.inference.choices import FAILURE_DETAILS, PredictionState
from backend.inference.serializers import CLASS_CHOICES, CamsOutput, ProbabilitiesOutput, RegionField
from backend.registry.choices import MODALITY_CHOICES
from backend.registry.models import REASON_LENGTH
from backend.registry.serializers import ModelVersionBriefOutput
from ml.taxonomy import CLASS_NAMES


class RerunInput(serializers.Serializer):
    """How many of the last answers of the modality the candidate gives once more, and why."""

    last = WholeNumberField(min_value=1, max_value=MOST_CASES)
    reason = TextField(
        max_length=REASON_LENGTH, required=False, allow_blank=True, default="", help_text="Must not be empty."
    )


class ComparisonCountsOutput(serializers.Serializer):
    """Cases. `agree` and `changed` are those of `done` with the same and with another class."""

    total = serializers.IntegerField()
    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    agree = serializers.IntegerField()
    changed = serializers.IntegerField()


class ComparisonBriefOutput(serializers.ModelSerializer):
    """One line of the list of comparisons."""

    state = serializers.ChoiceField(choices=ComparisonState.choices)
    modality = serializers.ChoiceField(choices=MODALITY_CHOICES)
    candidate = ModelVersionBriefOutput()
    requested_by = serializers.CharField(
        source="requested_by.username", allow_null=True, default=None, help_text="The account's name."
    )
    counts = ComparisonCountsOutput(source="*")
    agreement = serializers.SerializerMethodField(
        help_text="Share of the cases with the same class; null while no case is done."
    )

    class Meta:
        model = Comparison
        fields = (
            "id",
            "state",
            "candidate",
            "modality",
            "requested_by",
            "reason",
            "created_at",
            "finished_at",
            "counts",
            "agreement",
        )

    def get_agreement(self, comparison: Comparison) -> float | None:
        agree, changed = comparison.agree, comparison.changed  # type: ignore[attr-defined]  # annotated
        return agree / (agree + changed) if agree + changed else None


class ShiftOutput(serializers.Serializer):
    """Candidate's probability less the answered one's, over the cases."""

    mean = serializers.FloatField()
    p5 = serializers.FloatField()
    p95 = serializers.FloatField()


class ShiftsOutput(serializers.Serializer):
    """By class."""

    benign = ShiftOutput()
    lymphoma = ShiftOutput()
    metastatic = ShiftOutput()


class LatencyOutput(serializers.Serializer):
    """Milliseconds of one image."""

    median = serializers.FloatField()
    p95 = serializers.FloatField()


class LatenciesOutput(serializers.Serializer):
    """Both versions over the same images, one after the other, in the background worker."""

    baseline = LatencyOutput(allow_null=True)
    candidate = LatencyOutput(allow_null=True)


class ClassCountsOutput(serializers.Serializer):
    """Cases by the candidate's class."""

    benign = serializers.IntegerField()
    lymphoma = serializers.IntegerField()
    metastatic = serializers.IntegerField()


class ConfusionOutput(serializers.Serializer):
    """Rows: the class that was answered. Columns: the candidate's class."""

    benign = ClassCountsOutput()
    lymphoma = ClassCountsOutput()
    metastatic = ClassCountsOutput()


class ComparisonOutcomeOutput(serializers.Serializer):
    """Cases whose pathology is known, and how many of them each side names as pathology does."""

    known = serializers.IntegerField()
    answered_right = serializers.IntegerField()
    candidate_right = serializers.IntegerField()


class ComparisonOutput(ComparisonBriefOutput):
    """One comparison and its figures over the cases that are done; the context has the rest."""

    baseline = serializers.SerializerMethodField(
        help_text="The version that gave every answer; null when several did, see the cases."
    )
    shift = serializers.SerializerMethodField()
    latency_ms = serializers.SerializerMethodField()
    confusion = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField(
        help_text="Both against pathology, over the cases that are done; null where it is known of none."
    )

    class Meta(ComparisonBriefOutput.Meta):
        fields = (  # type: ignore[assignment]
            *ComparisonBriefOutput.Meta.fields,
            "baseline",
            "shift",
            "latency_ms",
            "confusion",
            "outcome",
        )

    @property
    def _summary(self) -> Summary:
        summary: Summary = self.context["summary"]
        return summary

    @extend_schema_field(ModelVersionBriefOutput(allow_null=True))
    def get_baseline(self, comparison: Comparison) -> dict[str, Any] | None:
        version = self.context["baseline"]
        return None if version is None else dict(ModelVersionBriefOutput(version).data)

    @extend_schema_field(ShiftsOutput(allow_null=True))
    def get_shift(self, comparison: Comparison) -> dict[str, Any] | None:
        """Null while no case is done."""
        shift = self._summary.shift
        return None if shift is None else {name: asdict(shift[name]) for name in CLASS_NAMES}

    @extend_schema_field(LatenciesOutput)
    def get_latency_ms(self, comparison: Comparison) -> dict[str, Any]:
        return {
            "baseline": _latency(self._summary.baseline_ms),
            "candidate": _latency(self._summary.candidate_ms),
        }

    @extend_schema_field(ConfusionOutput)
    def get_confusion(self, comparison: Comparison) -> dict[str, dict[str, int]]:
        return self._summary.confusion

    @extend_schema_field(ComparisonOutcomeOutput(allow_null=True))
    def get_outcome(self, comparison: Comparison) -> dict[str, int] | None:
        outcome: Outcome = self.context["outcome"]
        return asdict(outcome) if outcome.known else None


def _latency(latency: Latency | None) -> dict[str, float] | None:
    return None if latency is None else asdict(latency)


class AnsweredOutput(serializers.Serializer):
    """What was answered, and by which version."""

    class_name = serializers.ChoiceField(choices=CLASS_CHOICES)
    probabilities = ProbabilitiesOutput()
    version = ModelVersionBriefOutput()

    def get_fields(self) -> dict[str, Any]:
        return _with_class(super().get_fields())


class CandidateAnswerOutput(serializers.Serializer):
    """What the candidate answers."""

    class_name = serializers.ChoiceField(choices=CLASS_CHOICES)
    probabilities = ProbabilitiesOutput()

    def get_fields(self) -> dict[str, Any]:
        return _with_class(super().get_fields())


def _with_class(fields: dict[str, Any]) -> dict[str, Any]:
    """`class` is a word of Python's, so that a field can't be written under it."""
    return {"class": fields.pop("class_name"), **fields}


class ComparedCamsOutput(serializers.Serializer):
    """Addresses of the maps of both; `candidate` is null until it has answered."""

    answered = CamsOutput()
    candidate = CamsOutput(allow_null=True)


class ComparisonCaseOutput(serializers.ModelSerializer):
    """One image with both answers."""

    case_label = serializers.CharField(source="prediction.analysis.case.label", allow_blank=True)
    created_at = serializers.DateTimeField(
        source="prediction.created_at", help_text="When the image was sent."
    )
    state = serializers.ChoiceField(choices=PredictionState.choices)
    answered = serializers.SerializerMethodField()
    candidate = serializers.SerializerMethodField()
    outcome = serializers.ChoiceField(
        choices=CLASS_CHOICES, allow_null=True, help_text="What pathology found; null where it is not known."
    )
    image = serializers.SerializerMethodField()
    width = serializers.IntegerField(source="prediction.image.width")
    height = serializers.IntegerField(source="prediction.image.height")
    region = RegionField(source="prediction.image.region")
    cams = serializers.SerializerMethodField()
    failure = serializers.SerializerMethodField()

    class Meta:
        model = ComparisonCase
        fields = (
            "id",
            "case_label",
            "created_at",
            "state",
            "answered",
            "candidate",
            "changed",
            "outcome",
            "image",
            "width",
            "height",
            "region",
            "cams",
            "failure",
        )

    @extend_schema_field(AnsweredOutput)
    def get_answered(self, case: ComparisonCase) -> dict[str, Any]:
        return {
            "class": case.answered_class,
            "probabilities": case.prediction.probabilities,
            "version": dict(ModelVersionBriefOutput(case.prediction.model_version).data),
        }

    @extend_schema_field(CandidateAnswerOutput(allow_null=True))
    def get_candidate(self, case: ComparisonCase) -> dict[str, Any] | None:
        """Null until it has answered."""
        if case.probabilities is None:
            return None
        return {"class": case.candidate_class, "probabilities": case.probabilities}

    def get_image(self, case: ComparisonCase) -> str:
        """Address of the stored image."""
        return reverse("comparison-image", args=[case.comparison_id, case.pk])

    @extend_schema_field(ComparedCamsOutput)
    def get_cams(self, case: ComparisonCase) -> dict[str, Any]:
        return {
            ANSWERED: _cams(case, ANSWERED, case.prediction.maps or {}),
            CANDIDATE: None if case.maps is None else _cams(case, CANDIDATE, case.maps),
        }

    @extend_schema_field(ReasonOutput(allow_null=True))
    def get_failure(self, case: ComparisonCase) -> dict[str, str] | None:
        """Why the candidate has no answer."""
        if not case.failure_code:
            return None
        return {"code": case.failure_code, "detail": FAILURE_DETAILS[case.failure_code]}


def _cams(case: ComparisonCase, side: str, maps: dict[str, str | None]) -> dict[str, str | None]:
    """Null where no evidence speaks for the class."""
    return {name: _cam(case, side, name) if maps.get(name) else None for name in CLASS_NAMES}


def _cam(case: ComparisonCase, side: str, class_name: str) -> str:
    return reverse("comparison-cam", args=[case.comparison_id, case.pk, side, class_name])
