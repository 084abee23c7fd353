"""Model versions in Django's admin: look, upload, check again, make active, retire; always with a reason."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.safestring import SafeString
from unfold.decorators import display

from backend.core.admin import LookOnlyAdmin, in_words
from backend.registry.admin_forms import ReasonActionForm, UploadForm
from backend.registry.errors import RegistryError
from backend.registry.models import ModelVersion, VersionCheck, VersionEvent
from backend.registry.selectors import with_checks
from backend.registry.services import model_version_activate, model_version_recheck, model_version_retire

STATE_COLOURS = {"Active": "success", "Checked": "info", "Rejected": "danger", "Retired": "warning"}
CHECK_COLOURS = {"Passed": "success", "Failed": "danger", "Running": "info", "Waiting": "info"}


@admin.register(ModelVersion)
class ModelVersionAdmin(LookOnlyAdmin):
    """What each version is, how its check went; and what may be done with it."""

    action_form = ReasonActionForm
    list_display = (
        "name", "modality", "architecture", "coloured_state", "check_state", "synthetic", "created_at",
        "activated_at",
    )  # fmt: skip
    list_filter = ("modality", "state", "synthetic", "architecture")
    search_fields = ("name", "=id", "file_sha256", "tensor_sha256")
    date_hierarchy = "created_at"
    actions = ("activate", "check_again", "retire")
    fields = readonly_fields = (
        "name", "modality", "architecture", "coloured_state", "synthetic", "notes", "uploaded_by",
        "created_at", "activated_at", "retired_at", "megabytes", "file_sha256", "tensor_sha256",
        "findings", "card",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelVersion]:
        return with_checks(super().get_queryset(request), findings=True)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registry.add_modelversion")

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Actions change a version through the services; its fields are never typed over."""
        return request.user.has_perm("registry.change_modelversion")

    def get_urls(self) -> list[URLPattern]:
        """The address that takes a checkpoint takes more bytes than the others (see BodyLimitMiddleware)."""
        urls: list[URLPattern] = super().get_urls()
        for url in urls:
            if url.name == "registry_modelversion_add":
                url.callback.view_class = LargeForm  # type: ignore[attr-defined]
        return urls

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Upload a version."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            version = form.upload(actor=request.user)  # type: ignore[arg-type]
            if version is not None:
                self.message_user(request, f"{version} waits for its check.", messages.SUCCESS)
                return redirect("admin:registry_modelversion_change", version.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "Upload a model version",
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "registry/admin_upload.html", context)

    @display(description="state", ordering="state", label=STATE_COLOURS)
    def coloured_state(self, version: ModelVersion) -> str:
        return str(version.get_state_display())

    @display(description="check", label=CHECK_COLOURS)
    def check_state(self, version: ModelVersion) -> str | None:
        check = version.last_check
        return str(check.get_state_display()) if check else None

    @display(description="size")
    def megabytes(self, version: ModelVersion) -> str:
        return f"{version.file_bytes / 1e6:.1f} MB"

    @display(description="what the check found")
    def findings(self, version: ModelVersion) -> SafeString | str:
        check = version.last_check
        return findings_in_words(check) if check else "—"

    @display(description="manifest")
    def card(self, version: ModelVersion) -> SafeString | str:
        return in_words(version.manifest)

    @admin.action(description="Make active", permissions=["act"])
    def activate(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """One version a modality; the former active one returns to `checked`."""
        versions = list(queryset)
        if len({version.modality for version in versions}) < len(versions):
            self.message_user(request, "Choose one version a modality.", messages.ERROR)
            return
        for version in versions:
            self._act(request, version, model_version_activate, "is active")

    @admin.action(description="Check again", permissions=["act"])
    def check_again(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """A worker examines the versions once more."""
        for version in queryset:
            self._act(request, version, model_version_recheck, "waits for its check")

    @admin.action(description="Retire for good", permissions=["act"])
    def retire(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> None:
        """Rows stay, because results name them."""
        for version in queryset:
            self._act(request, version, model_version_retire, "is retired")

    def _act(
        self, request: HttpRequest, version: ModelVersion, service: Callable[..., ModelVersion], done: str
    ) -> None:
        try:
            service(version=version, actor=request.user, reason=request.POST.get("reason", ""))
        except RegistryError as error:
            self.message_user(request, f"{version}: {error.detail}", messages.ERROR)
        else:
            self.message_user(request, f"{version} {done}.", messages.SUCCESS)


class LargeForm:
    """What the upload's address says to BodyLimitMiddleware."""

    max_body_bytes = settings.MAX_MODEL_BYTES


def findings_in_words(check: VersionCheck) -> SafeString | str:
    """Each finding with its sentence and what was measured."""
    found = [
        {
            "finding": item["code"].replace("_", " "),
            "passed": item["passed"],
            "detail": item["detail"],
            "measured": item.get("measured"),
        }
        for item in check.findings
    ]
    return in_words(found) if found else "—"


@admin.register(VersionCheck)
class VersionCheckAdmin(LookOnlyAdmin):
    """What workers found when they examined versions."""

    list_display = (
        "version",
        "coloured_state",
        "failed_on",
        "attempt",
        "requested_by",
        "created_at",
        "finished_at",
    )
    list_filter = ("state", "version__modality")
    list_select_related = ("version", "requested_by")
    search_fields = ("version__name", "=version__id")
    fields = readonly_fields = (
        "version", "coloured_state", "reason", "requested_by", "attempt", "created_at", "started_at",
        "finished_at", "found",
    )  # fmt: skip

    @display(description="state", ordering="state", label=CHECK_COLOURS)
    def coloured_state(self, check: VersionCheck) -> str:
        return str(check.get_state_display())

    @display(description="failed on")
    def failed_on(self, check: VersionCheck) -> str:
        failed = (item["code"] for item in check.findings if item["blocking"] and not item["passed"])
        return ", ".join(code.replace("_", " ") for code in failed) or "—"

    @display(description="findings")
    def found(self, check: VersionCheck) -> SafeString | str:
        return findings_in_words(check)


@admin.register(VersionEvent)
class VersionEventAdmin(LookOnlyAdmin):
    """The history: append only."""

    list_display = ("created_at", "action", "version", "from_version", "modality", "actor", "reason")
    list_filter = ("modality", "action", ("actor", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("version", "from_version", "actor")
    search_fields = ("version__name", "reason", "actor__username")
    date_hierarchy = "created_at"
    fields = readonly_fields = list_display
