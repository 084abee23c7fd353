"""Cases in Django's admin: look, don't touch. The images themselves are not shown here."""

from django.contrib import admin
from django.http import HttpRequest

from backend.studies.models import Case


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    """Read only: cases come in and go by the page and the API."""

    list_display = ("label", "owner", "created_at")
    list_select_related = ("owner",)
    fields = readonly_fields = ("label", "owner", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False
