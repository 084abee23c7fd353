"""Model versions in Django's admin: look, and make one active."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from backend.registry.errors import RegistryError
from backend.registry.models import ModelVersion, VersionEvent
from backend.registry.services import model_version_activate


def _rows(value: Any) -> SafeString | str:
    """A manifest's value for people: nested tables and lists instead of JSON."""
    if isinstance(value, dict):
        rows = ((key.replace("_", " "), _rows(inner)) for key, inner in value.items())
        return format_html("<table>{}</table>", format_html_join("", "<tr><th>{}</th><td>{}</td></tr>", rows))
    if isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        return format_html(
            "<ol>{}</ol>", format_html_join("", "<li>{}</li>", ((_rows(item),) for item in value))
        )
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "—" if value in (None, "") else str(value)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Nothing is added, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    """Versions come in by `manage.py model_import`; here they are looked at and made active."""

    list_display = (
        "name", "modality", "architecture", "state", "synthetic", "pixels", "created_at", "activated_at",
    )  # fmt: skip
    list_filter = ("modality", "state", "synthetic", "architecture")
    search_fields = ("name", "tensor_sha256")
    actions = ("activate",)
    fields = readonly_fields = (
        "name", "modality", "architecture", "state", "synthetic", "created_at", "activated_at", "uploaded_by",
        "megabytes", "file_sha256", "tensor_sha256", "card",
    )  # fmt: skip

    @admin.display(description="input, pixels")
    def pixels(self, version: ModelVersion) -> str:
        return f"{version.input_size} × {version.input_size}"

    @admin.display(description="size")
    def megabytes(self, version: ModelVersion) -> str:
        return f"{version.file_bytes / 1e6:.1f} MB"

    @admin.display(description="manifest")
    def card(self, version: ModelVersion) -> SafeString | str:
        return _rows(version.manifest)

    @admin.action(description="Make active", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """One version a modality; the former active one returns to `checked`."""
        versions = list(queryset)
        if len({version.modality for version in versions}) < len(versions):
            self.message_user(request, "Choose one version a modality.", messages.ERROR)
            return
        for version in versions:
            self._activate_one(request, version)

    def _activate_one(self, request: HttpRequest, version: ModelVersion) -> None:
        try:
            model_version_activate(
                version=version,
                actor=request.user,  # type: ignore[arg-type]
                reason="activated in the admin",
            )
        except RegistryError as error:
            self.message_user(request, f"{version}: {error.detail}", messages.ERROR)
        else:
            self.message_user(request, f"{version} is active.", messages.SUCCESS)


@admin.register(VersionEvent)
class VersionEventAdmin(ReadOnlyAdmin):
    """The history: append only."""

    list_display = ("created_at", "action", "version", "from_version", "modality", "actor", "reason")
    list_filter = ("modality", "action")
    list_select_related = ("version", "from_version", "actor")

    def has_change_permission(self, request: HttpRequest, obj: VersionEvent | None = None) -> bool:
        return False
