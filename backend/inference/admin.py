"""Analyses and predictions in Django's admin: look, don't touch."""

from django.contrib import admin
from django.utils.safestring import SafeString
from unfold.decorators import display

from backend.audit.admin import AnswersAdmin
from backend.core.admin import in_words
from backend.inference.models import Analysis, Prediction

STATE_COLOURS = {
    "Succeeded": "success",
    "Partial": "warning",
    "Failed": "danger",
    "Running": "info",
    "Queued": "info",
}


@admin.register(Analysis)
class AnalysisAdmin(AnswersAdmin):
    """One line an analysis."""

    list_display = ("case", "coloured_state", "made_by", "created_at", "finished_at", "id")
    list_filter = ("state",)
    list_select_related = ("case__owner",)
    search_fields = ("=id", "case__label", "case__owner__username")
    date_hierarchy = "created_at"
    fields = readonly_fields = ("id", "case", "coloured_state", "made_by", "created_at", "finished_at")

    def analysis_id(self, object_id: str) -> str | None:
        return object_id

    @display(description="state", ordering="state", label=STATE_COLOURS)
    def coloured_state(self, analysis: Analysis) -> str:
        return str(analysis.get_state_display())

    @display(description="made by", ordering="case__owner__username")
    def made_by(self, analysis: Analysis) -> str:
        return analysis.case.owner.username if analysis.case.owner else "anonymous visitor"


@admin.register(Prediction)
class PredictionAdmin(AnswersAdmin):
    """One line a prediction."""

    list_display = (
        "case", "modality", "coloured_state", "answer", "model_version", "failure_code", "attempt",
        "created_at",
    )  # fmt: skip
    list_filter = ("state", "image__modality", "failure_code", "model_version")
    list_select_related = ("image__case", "model_version", "analysis")
    search_fields = ("=id", "=analysis__id", "image__case__label", "model_version__name")
    date_hierarchy = "created_at"
    fields = readonly_fields = (
        "id", "analysis", "modality", "model_version", "coloured_state", "attempt", "failure_code",
        "failure_detail", "answer", "timings", "engine_used", "flags_raised", "created_at", "dispatched_at",
        "started_at", "lease_expires_at", "finished_at", "late_results",
    )  # fmt: skip

    def analysis_id(self, object_id: str) -> str | None:
        found = Prediction.objects.filter(pk=object_id).values_list("analysis_id", flat=True).first()
        return str(found) if found else None

    @display(description="case", ordering="image__case__label")
    def case(self, prediction: Prediction) -> str:
        return str(prediction.image.case)

    @display(description="modality", ordering="image__modality")
    def modality(self, prediction: Prediction) -> str:
        return str(prediction.image.get_modality_display())

    @display(description="state", ordering="state", label=STATE_COLOURS)
    def coloured_state(self, prediction: Prediction) -> str:
        return str(prediction.get_state_display())

    @display(description="answer")
    def answer(self, prediction: Prediction) -> str:
        if prediction.analysis.is_withheld:
            return "withheld until the first read"
        values = sorted((prediction.probabilities or {}).items(), key=lambda item: -item[1])
        return ", ".join(f"{name} {value:.0%}" for name, value in values) or "—"

    @display(description="milliseconds")
    def timings(self, prediction: Prediction) -> SafeString | str:
        return in_words(prediction.timings_ms)

    @display(description="engine")
    def engine_used(self, prediction: Prediction) -> SafeString | str:
        return in_words(prediction.engine)

    @display(description="flags")
    def flags_raised(self, prediction: Prediction) -> SafeString | str:
        return in_words(prediction.flags)
