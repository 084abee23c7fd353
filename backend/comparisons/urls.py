"""Addresses of the `comparisons` app, under /api/v1/."""

from django.urls import path

from backend.comparisons import media_views, views

urlpatterns = [
    path("models/<uuid:pk>/rerun/", views.RerunView.as_view(), name="model-rerun"),
    path("comparisons/", views.ComparisonsView.as_view(), name="comparisons"),
    path("comparisons/<uuid:pk>/", views.ComparisonView.as_view(), name="comparison"),
    path("comparisons/<uuid:pk>/cancel/", views.ComparisonCancelView.as_view(), name="comparison-cancel"),
    path("comparisons/<uuid:pk>/cases/", views.ComparisonCasesView.as_view(), name="comparison-cases"),
    path(
        "comparisons/<uuid:pk>/cases/<uuid:case_id>/image.png",
        media_views.ComparisonImageView.as_view(),
        name="comparison-image",
    ),
    path(
        "comparisons/<uuid:pk>/cases/<uuid:case_id>/cam/<str:side>/<str:class_name>.png",
        media_views.ComparisonCamView.as_view(),
        name="comparison-cam",
    ),
]
