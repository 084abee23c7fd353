"""Addresses of the `studies` app, under /api/v1/."""

from django.urls import path

from backend.studies import views

urlpatterns = [
    path("previews/", views.PreviewsView.as_view(), name="previews"),
]
