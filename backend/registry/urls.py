"""Addresses of the `registry` app, under /api/v1/."""

from django.urls import path

from backend.registry import views

urlpatterns = [
    path("models/", views.ModelVersionList.as_view(), name="models"),
    path("models/history/", views.ActivationHistory.as_view(), name="models-history"),
    path("models/<uuid:pk>/", views.ModelCard.as_view(), name="model-card"),
]
