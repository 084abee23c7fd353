"""What the admin shows of the server itself, and how the other apps show things there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin

from backend.core.models import WorkerHeartbeat


class LookOnlyAdmin(ModelAdmin):
    """Nothing is added, changed or deleted by hand."""

    list_filter_submit = False
    list_fullwidth = True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def in_words(value: Any) -> SafeString | str:
    """A JSON value for people: nested tables and lists."""
    if isinstance(value, dict):
        return _table((key.replace("_", " "), in_words(inner)) for key, inner in value.items())
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        items = format_html_join("", "<li>{}</li>", ((in_words(item),) for item in value))
        return format_html('<ol class="list-decimal pl-4">{}</ol>', items)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return "—" if value in (None, "") else str(value)


def _table(rows: Any) -> SafeString:
    row = '<tr><th class="align-top font-medium pr-4 py-0.5 text-left">{}</th><td class="py-0.5">{}</td></tr>'
    return format_html("<table>{}</table>", format_html_join("", row, rows))


@admin.register(WorkerHeartbeat)
class WorkerHeartbeatAdmin(LookOnlyAdmin):
    """Workers write these rows themselves; one that is gone for good may be taken off the list."""

    list_display = ("worker", "device", "first_seen_at", "last_seen_at")
    search_fields = ("worker",)
    list_filter = ("device",)
    ordering = ("-last_seen_at",)

    def has_delete_permission(self, request: HttpRequest, obj: WorkerHeartbeat | None = None) -> bool:
        return request.user.has_perm("core.delete_workerheartbeat")
