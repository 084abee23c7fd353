"""Addresses of the `outcomes` app, under /api/v1/."""

from django.urls import path

from backend.outcomes import views

urlpatterns = [
    path("analyses/<uuid:pk>/read/", views.ReadView.as_view(), name="analysis-read"),
    path("analyses/<uuid:pk>/verdict/", views.VerdictView.as_view(), name="analysis-verdict"),
    path("analyses/<uuid:pk>/pathology/", views.PathologyView.as_view(), name="analysis-pathology"),
]
