"""Shapes of the API for analyses: the form that comes in, the answer that goes out."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.core.serializers import ReasonOutput
from backend.inference.choices import AnalysisState, FirstReadState, FlagCode, PredictionState, TextCheckState
from backend.inference.fusing import answer_of_case
from backend.inference.models import Analysis, Prediction
from backend.registry.choices import MODALITY_CHOICES
from backend.registry.serializers import ModelVersionBriefOutput
from backend.studies.choices import Masking
from backend.studies.models import LABEL_LENGTH
from ml.taxonomy import CLASS_NAMES

CLASS_CHOICES = [(name, name) for name in CLASS_NAMES]
FRAME_HELP = "DICOM cine only: the frame, counted from 0; the middle one by default."
WITHHELD_FIELDS: dict[str, Any] = {
    "probabilities": None,
    "prediction_set": None,
    "set_level": None,
    "spread": None,
    "cams": None,
    "flags": [],
    "text_check": None,
}
BOX = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 4, "maxItems": 4}
SET_LEVEL_HELP = "Percent: in so many of a hundred cases of each class, its class is in the set."
REGION_HELP = "x,y,w,h in pixels of the upright image: the model sees this part only."


class AnalysisCreateInput(serializers.Serializer):
    """The multipart form; at least one image. Its fields are read by hand, to give a reason for each."""

    image_2d = serializers.FileField(required=False, help_text="2D grey-scale image.")
    image_cdfi = serializers.FileField(required=False, help_text="Colour Doppler image.")
    image_elastography = serializers.FileField(required=False, help_text="Strain elastography image.")
    case_label = serializers.CharField(
        required=False, allow_blank=True, max_length=LABEL_LENGTH, help_text="A pseudonym, never a name."
    )
    frame_2d = serializers.IntegerField(required=False, min_value=0, help_text=FRAME_HELP)
    frame_cdfi = serializers.IntegerField(required=False, min_value=0, help_text=FRAME_HELP)
    frame_elastography = serializers.IntegerField(required=False, min_value=0, help_text=FRAME_HELP)
    region_2d = serializers.CharField(required=False, allow_blank=True, help_text=REGION_HELP)
    region_cdfi = serializers.CharField(required=False, allow_blank=True, help_text=REGION_HELP)
    region_elastography = serializers.CharField(required=False, allow_blank=True, help_text=REGION_HELP)


class ProbabilitiesOutput(serializers.Serializer):
    """They add up to 1."""

    benign = serializers.FloatField(min_value=0, max_value=1)
    lymphoma = serializers.FloatField(min_value=0, max_value=1)
    metastatic = serializers.FloatField(min_value=0, max_value=1)


class RangeOutput(serializers.Serializer):
    """The lowest and the highest probability (0..1) that a member gives."""

    low = serializers.FloatField(min_value=0, max_value=1)
    high = serializers.FloatField(min_value=0, max_value=1)


class SpreadOutput(serializers.Serializer):
    """How far the members of an ensemble disagree, by class. No interval that holds the truth."""

    benign = RangeOutput()
    lymphoma = RangeOutput()
    metastatic = RangeOutput()


class CamsOutput(serializers.Serializer):
    """Address of each class's map; null where no evidence speaks for the class."""

    benign = serializers.CharField(allow_null=True)
    lymphoma = serializers.CharField(allow_null=True)
    metastatic = serializers.CharField(allow_null=True)


class EngineOutput(serializers.Serializer):
    """What computed the answer."""

    name = serializers.CharField()
    mode = serializers.CharField()


class TimingsOutput(serializers.Serializer):
    """Milliseconds. `queued`: upload to start; `total`: start to stored result, the others included."""

    queued = serializers.FloatField()
    masking = serializers.FloatField(
        read_only=True, default=0.0, help_text="Text found and covered, once an upload."
    )
    decode = serializers.FloatField()
    features = serializers.FloatField()
    cam = serializers.FloatField()
    total = serializers.FloatField()


@extend_schema_field({**BOX, "nullable": True})
class RegionField(serializers.JSONField):
    """[x, y, width, height] in pixels of the stored image, or null."""


class ClassSetField(serializers.ListField):
    """The classes that can't be ruled out; all three: the model cannot say."""

    child = serializers.ChoiceField(CLASS_CHOICES)


class FlagOutput(ReasonOutput):
    """What speaks against an answer; the numbers that the sentence names, for translations."""

    code = serializers.ChoiceField(FlagCode.choices)  # type: ignore[assignment]  # a narrower field
    looks_like = serializers.ChoiceField(MODALITY_CHOICES, allow_null=True, default=None)
    class_name = serializers.ChoiceField(CLASS_CHOICES, allow_null=True, default=None)
    recall = serializers.FloatField(allow_null=True, default=None)
    reliance = serializers.FloatField(allow_null=True, default=None)


@extend_schema_field({"type": "array", "items": BOX})
class BoxesField(serializers.JSONField):
    """[x, y, width, height] in pixels of the stored image, of each."""


class BurnedInOutput(serializers.Serializer):
    """What lies over the picture, by kind."""

    text = BoxesField()
    callipers = BoxesField()
    bars = BoxesField()


class AttentionOutput(serializers.Serializer):
    """Where the first class's map has its energy; shares of 0..1."""

    region = serializers.FloatField(allow_null=True, help_text="Null where no region was chosen.")
    outside_sector = serializers.FloatField(help_text="Outside of the scan.")
    text = serializers.FloatField()


class TextCheckOutput(serializers.Serializer):
    """The look for burned-in text; it comes after the answer and never changes it."""

    state = serializers.ChoiceField(TextCheckState.choices)
    boxes = BurnedInOutput(allow_null=True, default=None)
    reliance = serializers.FloatField(
        allow_null=True,
        default=None,
        help_text="Probability (0..1) that moves to other classes without what is burned in; null where "
        "nothing is.",
    )
    attention = AttentionOutput(allow_null=True, default=None)


class PredictionOutput(serializers.ModelSerializer):
    """One image's answer."""

    modality = serializers.ChoiceField(choices=MODALITY_CHOICES, source="image.modality")
    state = serializers.ChoiceField(choices=PredictionState.choices)
    failure = serializers.SerializerMethodField()
    probabilities = ProbabilitiesOutput(allow_null=True)
    spread = SpreadOutput(
        allow_null=True, help_text="Of the members of an ensemble; null where one model answers alone."
    )
    calibrated = serializers.SerializerMethodField(help_text="False: the numbers are a bare softmax.")
    prediction_set = ClassSetField(allow_null=True)
    set_level = serializers.IntegerField(allow_null=True, help_text=SET_LEVEL_HELP)
    flags = FlagOutput(many=True)
    text_check = TextCheckOutput(allow_null=True, help_text="Null: not asked for on this site, or no answer.")
    cams = serializers.SerializerMethodField(help_text="Null until the prediction has succeeded.")
    image = serializers.SerializerMethodField(
        help_text="Null while its text is being covered, and once it is deleted: where the site keeps no "
        "images, as soon as it is answered."
    )
    masking = serializers.ChoiceField(choices=Masking.choices, source="image.masking")
    masked_boxes = serializers.SerializerMethodField(
        help_text="How many places were covered before anyone could see the image."
    )
    width = serializers.IntegerField(source="image.width")
    height = serializers.IntegerField(source="image.height")
    source_format = serializers.CharField(source="image.source_format")
    frame = serializers.IntegerField(source="image.frame", help_text="Counted from 0.")
    frame_count = serializers.IntegerField(source="image.frame_count")
    region = RegionField(source="image.region")
    scanner_region = RegionField(source="image.scanner_region")
    model_version = ModelVersionBriefOutput(allow_null=True)
    engine = EngineOutput(allow_null=True)
    timings_ms = TimingsOutput(allow_null=True)

    class Meta:
        model = Prediction
        fields = (
            "id",
            "modality",
            "state",
            "failure",
            "probabilities",
            "spread",
            "calibrated",
            "prediction_set",
            "set_level",
            "flags",
            "text_check",
            "cams",
            "image",
            "masking",
            "masked_boxes",
            "width",
            "height",
            "source_format",
            "frame",
            "frame_count",
            "region",
            "scanner_region",
            "model_version",
            "engine",
            "timings_ms",
        )

    def to_representation(self, instance: Prediction) -> dict[str, Any]:
        """Whatever tells the model's answer stays on the server until the clinician's own read is saved."""
        shown: dict[str, Any] = super().to_representation(instance)
        return {**shown, **WITHHELD_FIELDS} if instance.analysis.is_withheld else shown

    @extend_schema_field(ReasonOutput(allow_null=True))
    def get_failure(self, prediction: Prediction) -> dict[str, str] | None:
        """Why there is no answer, and what to do."""
        if not prediction.failure_code:
            return None
        return {"code": prediction.failure_code, "detail": prediction.failure_detail}

    def get_calibrated(self, prediction: Prediction) -> bool:
        return prediction.p_values is not None

    @extend_schema_field(CamsOutput(allow_null=True))
    def get_cams(self, prediction: Prediction) -> dict[str, str | None] | None:
        if prediction.maps is None:
            return None
        return {name: _cam_url(prediction, name) for name in CLASS_NAMES}

    def get_image(self, prediction: Prediction) -> str | None:
        """Address of the stored image."""
        return reverse("prediction-image", args=[prediction.pk]) if prediction.image.is_readable else None

    def get_masked_boxes(self, prediction: Prediction) -> int:
        return len(prediction.image.masked_boxes)


def _cam_url(prediction: Prediction, class_name: str) -> str | None:
    if (prediction.maps or {}).get(class_name) is None:
        return None
    return reverse("prediction-cam", args=[prediction.pk, class_name])


class CaseAnswerOutput(serializers.Serializer):
    """The modalities taken together."""

    probabilities = ProbabilitiesOutput()
    method = serializers.CharField(
        help_text="fusion: by a version fitted for these versions together. product_of_experts: of "
        "calibrated probabilities. log_mean: the mean of the logarithms, where a version is not calibrated."
    )
    fusion_version = ModelVersionBriefOutput(allow_null=True, help_text="Null but for the method fusion.")
    conflict = serializers.BooleanField(
        help_text="The modalities contradict each other: with a fusion by a fitted measure, without one "
        "where they name different classes."
    )
    prediction_set = ClassSetField(allow_null=True)
    set_level = serializers.IntegerField(allow_null=True, help_text=SET_LEVEL_HELP)


CASE_ANSWER = CaseAnswerOutput()  # for reading alone: its fields are made once and not for every analysis


class AnalysisOutput(serializers.ModelSerializer):
    """One analysis, whole."""

    state = serializers.ChoiceField(choices=AnalysisState.choices)
    case_label = serializers.CharField(source="case.label", allow_blank=True)
    owner = serializers.SerializerMethodField(help_text="The account's name; null for anonymous work.")
    finished_at = serializers.DateTimeField(allow_null=True)
    queue_position = serializers.SerializerMethodField()
    predictions = PredictionOutput(many=True, source="ordered_predictions")
    case_answer = serializers.SerializerMethodField()
    images_kept = serializers.SerializerMethodField(
        help_text="False: the site keeps no images; they are deleted once the analysis has ended."
    )
    first_read = serializers.ChoiceField(choices=FirstReadState.choices)
    withheld = serializers.BooleanField(
        source="is_withheld", help_text="True: POST one's own read to `read/` first; answer and maps wait."
    )
    research_use_only = serializers.SerializerMethodField(help_text="Always true: not for diagnosis.")

    class Meta:
        model = Analysis
        fields = (
            "id",
            "state",
            "case_label",
            "owner",
            "created_at",
            "finished_at",
            "queue_position",
            "predictions",
            "case_answer",
            "images_kept",
            "first_read",
            "withheld",
            "research_use_only",
        )

    def get_owner(self, analysis: Analysis) -> str | None:
        return analysis.case.owner.username if analysis.case.owner else None

    def get_queue_position(self, analysis: Analysis) -> int | None:
        """1: the next image to be run is of this analysis. Null when none of its images waits."""
        if getattr(analysis, "first_queued_at", None) is None:
            return None
        return int(analysis.images_ahead) + 1  # type: ignore[attr-defined]  # added by the selector

    @extend_schema_field(CaseAnswerOutput(allow_null=True))
    def get_case_answer(self, analysis: Analysis) -> dict[str, Any] | None:
        """Null while no modality has an answer, and while it is withheld."""
        if analysis.is_withheld:
            return None
        answer = answer_of_case(analysis)
        if answer is None:
            return None
        joined = {**vars(answer), "fusion_version": analysis.fusion}
        shown: dict[str, Any] = CASE_ANSWER.to_representation(joined)
        return shown

    def get_images_kept(self, analysis: Analysis) -> bool:
        return all(row.image.kept for row in analysis.predictions.all())

    def get_research_use_only(self, analysis: Analysis) -> bool:
        return True
