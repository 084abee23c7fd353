"""Every address of the server. Whatever is not the API belongs to the page."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from backend.core import views as core

handler400 = "backend.core.views.bad_request"
handler403 = "backend.core.views.forbidden"
handler404 = "backend.core.views.not_found"
handler500 = "backend.core.views.server_error"

api_v1 = [
    path("", include("backend.accounts.urls")),
    path("", include("backend.registry.urls")),
    path("", include("backend.studies.urls")),
    path("", include("backend.inference.urls")),
    path("", include("backend.outcomes.urls")),
    path("", include("backend.batches.urls")),
    path("", include("backend.comparisons.urls")),
]
urlpatterns = [
    path("healthz", core.healthz),
    path("readyz", core.readyz),
    path("metrics", core.metrics),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api_v1)),
    path("api/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    re_path(r"^(?!api/|admin/|static/|assets/).*$", core.page),
]
