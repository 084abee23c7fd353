"""Comparisons in Django's admin: look, don't touch."""

from django.contrib import admin

from backend.comparisons.models import Comparison
from backend.inference.admin import LookOnlyAdmin


@admin.register(Comparison)
class ComparisonAdmin(LookOnlyAdmin):
    """One line a comparison; its figures and cases are on the page."""

    list_display = ("created_at", "candidate", "modality", "state", "requested_by", "finished_at")
    list_filter = ("state", "modality")
    list_select_related = ("candidate", "requested_by")
    fields = readonly_fields = (
        "id", "candidate", "modality", "state", "requested_by", "reason", "created_at", "finished_at",
    )  # fmt: skip
