"""The admin's view of listening workers."""

from django.contrib import admin
from django.http import HttpRequest

from backend.core.models import WorkerHeartbeat

admin.site.site_header = admin.site.site_title = "CV4LymphNode"
admin.site.index_title = "Research use only, not a medical device"


@admin.register(WorkerHeartbeat)
class WorkerHeartbeatAdmin(admin.ModelAdmin):
    """Read only: workers write these rows themselves."""

    list_display = ("worker", "device", "first_seen_at", "last_seen_at")
    ordering = ("-last_seen_at",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: WorkerHeartbeat | None = None) -> bool:
        return False
