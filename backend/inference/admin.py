"""Analyses and predictions in Django's admin: look, don't touch."""

from django.contrib import admin
from django.http import HttpRequest

from backend.inference.models import Analysis, Prediction


class LookOnlyAdmin(admin.ModelAdmin):
    """Nothing is added, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Analysis)
class AnalysisAdmin(LookOnlyAdmin):
    """One line an analysis."""

    list_display = ("id", "state", "case", "created_at", "finished_at")
    list_filter = ("state",)
    list_select_related = ("case",)
    fields = readonly_fields = ("id", "case", "state", "created_at", "finished_at")


@admin.register(Prediction)
class PredictionAdmin(LookOnlyAdmin):
    """One line a prediction."""

    list_display = ("id", "state", "modality", "model_version", "attempt", "failure_code", "created_at")
    list_filter = ("state", "image__modality", "failure_code")
    list_select_related = ("image", "model_version")
    fields = readonly_fields = (
        "id", "analysis", "modality", "model_version", "state", "attempt", "failure_code", "failure_detail",
        "probabilities", "timings_ms", "engine", "flags", "created_at", "dispatched_at", "started_at",
        "lease_expires_at", "finished_at", "late_results",
    )  # fmt: skip

    @admin.display(ordering="image__modality")
    def modality(self, prediction: Prediction) -> str:
        return prediction.image.get_modality_display()
