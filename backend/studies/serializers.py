"""Shapes of the API for looking at a file before it is sent."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backend.registry.choices import MODALITY_CHOICES
from backend.studies.decoding.strip import STRIP_MAX_FRAMES, Still
from backend.studies.previews import Preview, picture_data_uri, still_data_uri


class PreviewInput(serializers.Serializer):
    """The multipart form."""

    image = serializers.FileField(help_text="One image or DICOM cine, as for an analysis.")
    frame = serializers.IntegerField(
        required=False, min_value=0, help_text="DICOM cine only, counted from 0; the middle one by default."
    )
    stills = serializers.IntegerField(
        required=False,
        min_value=0,
        help_text=f"How many small frames of a cine to send, up to {STRIP_MAX_FRAMES}.",
    )


class StillOutput(serializers.Serializer):
    """One frame of a cine, small."""

    frame = serializers.IntegerField(help_text="Counted from 0.")
    picture = serializers.SerializerMethodField(help_text="data: URI of a JPEG.")

    def get_picture(self, still: Still) -> str:
        return still_data_uri(still.image)


class PreviewOutput(serializers.Serializer):
    """The picture and what its file says about it."""

    format = serializers.CharField(source="picture.source_format")
    width = serializers.IntegerField(help_text="Of the whole picture.")
    height = serializers.IntegerField()
    frame = serializers.IntegerField(source="picture.frame", help_text="Counted from 0.")
    frame_count = serializers.IntegerField(source="picture.frame_count")
    region = serializers.SerializerMethodField(help_text="The scanner's own: [x, y, width, height], or null.")
    suggested_modality = serializers.ChoiceField(
        choices=MODALITY_CHOICES,
        source="picture.modality_hint",
        allow_null=True,
        help_text="What the DICOM header says; null where it says nothing.",
    )
    picture = serializers.SerializerMethodField(help_text="data: URI of a PNG, at most 1024 pixels a side.")
    stills = StillOutput(many=True)

    @extend_schema_field(
        {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4, "nullable": True}
    )
    def get_region(self, preview: Preview) -> list[int] | None:
        region = preview.picture.ultrasound_region
        return None if region is None else region.as_list()

    def get_picture(self, preview: Preview) -> str:
        return picture_data_uri(preview.picture.image)
