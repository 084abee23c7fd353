"""Addresses of the `inference` app, under /api/v1/."""

from django.urls import path

from backend.inference import media_views, share_views, views

urlpatterns = [
    path("analyses/", views.AnalysesView.as_view(), name="analyses"),
    path("analyses/<uuid:pk>/", views.AnalysisView.as_view(), name="analysis"),
    path("analyses/<uuid:pk>/cancel/", views.AnalysisCancelView.as_view(), name="analysis-cancel"),
    path("analyses/<uuid:pk>/share/", share_views.AnalysisSharesView.as_view(), name="analysis-shares"),
    path(
        "analyses/<uuid:pk>/share/<uuid:share_id>/",
        share_views.AnalysisShareView.as_view(),
        name="analysis-share",
    ),
    path("shared/", share_views.ShareOpenView.as_view(), name="share-open"),
    path(
        "predictions/<uuid:pk>/image.png", media_views.PredictionImageView.as_view(), name="prediction-image"
    ),
    path(
        "predictions/<uuid:pk>/cam/<str:class_name>.png",
        media_views.PredictionCamView.as_view(),
        name="prediction-cam",
    ),
]
