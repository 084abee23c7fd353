"""Cases in Django's admin: look, don't touch. The images themselves are not shown here."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from backend.core.admin import LookOnlyAdmin
from backend.studies.models import Case


@admin.register(Case)
class CaseAdmin(LookOnlyAdmin):
    """Read only: cases come in and go by the page and the API."""

    list_display = ("__str__", "made_by", "images_count", "created_at")
    list_filter = (("owner", admin.RelatedOnlyFieldListFilter), "images__modality")
    list_select_related = ("owner",)
    search_fields = ("label", "owner__username")
    date_hierarchy = "created_at"
    fields = readonly_fields = ("id", "label", "made_by", "pictures", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return super().get_queryset(request).annotate(images_number=Count("images", distinct=True))

    @display(description="made by", ordering="owner__username")
    def made_by(self, case: Case) -> str:
        return case.owner.username if case.owner else "anonymous visitor"

    @display(description="images", ordering="images_number")
    def images_count(self, case: Case) -> int:
        return int(getattr(case, "images_number", 0))

    @display(description="images")
    def pictures(self, case: Case) -> str:
        return "; ".join(str(image) for image in case.images.all()) or "—"
