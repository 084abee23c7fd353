"""Comparisons in Django's admin: look, don't touch."""

from django.contrib import admin
from unfold.decorators import display

from backend.comparisons.models import Comparison
from backend.core.admin import LookOnlyAdmin

STATE_COLOURS = {"Finished": "success", "Running": "info", "Queued": "info", "Cancelled": "warning"}


@admin.register(Comparison)
class ComparisonAdmin(LookOnlyAdmin):
    """One line a comparison; its figures and cases are on the page."""

    list_display = ("created_at", "candidate", "modality", "coloured_state", "requested_by", "finished_at")
    list_filter = ("state", "modality")
    list_select_related = ("candidate", "requested_by")
    search_fields = ("=id", "candidate__name", "requested_by__username")
    date_hierarchy = "created_at"
    fields = readonly_fields = (
        "id", "candidate", "modality", "coloured_state", "requested_by", "reason", "created_at",
        "finished_at",
    )  # fmt: skip

    @display(description="state", ordering="state", label=STATE_COLOURS)
    def coloured_state(self, comparison: Comparison) -> str:
        return str(comparison.get_state_display())
