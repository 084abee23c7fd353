"""Addresses of the `batches` app, under /api/v1/."""

from django.urls import path

from backend.batches import views

urlpatterns = [
    path("batches/", views.BatchesView.as_view(), name="batches"),
    path("batches/<uuid:pk>/", views.BatchView.as_view(), name="batch"),
    path("batches/<uuid:pk>/cases/", views.BatchCasesView.as_view(), name="batch-cases"),
    path("batches/<uuid:pk>/results.csv", views.BatchCsvView.as_view(), name="batch-csv"),
    path("batches/<uuid:pk>/results.json", views.BatchJsonView.as_view(), name="batch-json"),
]
