"""Addresses of the `inference` app, under /api/v1/."""

from django.urls import path

from backend.inference import media_views, views

urlpatterns = [
    path("analyses/", views.AnalysesView.as_view(), name="analyses"),
    path("analyses/<uuid:pk>/", views.AnalysisView.as_view(), name="analysis"),
    path("analyses/<uuid:pk>/cancel/", views.AnalysisCancelView.as_view(), name="analysis-cancel"),
    path(
        "predictions/<uuid:pk>/image.png", media_views.PredictionImageView.as_view(), name="prediction-image"
    ),
    path(
        "predictions/<uuid:pk>/cam/<str:class_name>.png",
        media_views.PredictionCamView.as_view(),
        name="prediction-cam",
    ),
]
