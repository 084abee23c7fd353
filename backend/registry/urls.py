"""Addresses of the `registry` app, under /api/v1/."""

from django.urls import path

from backend.registry import history_views, views

urlpatterns = [
    path("models/", views.ModelVersionList.as_view(), name="models"),
    path("models/history/", history_views.History.as_view(), name="models-history"),
    path("models/answering/", history_views.Answering.as_view(), name="models-answering"),
    path("models/<uuid:pk>/", views.ModelCard.as_view(), name="model-card"),
    path("models/<uuid:pk>/card.md", views.ModelCardMarkdown.as_view(), name="model-card-markdown"),
    path("models/<uuid:pk>/events/", history_views.ModelEvents.as_view(), name="model-events"),
    path("models/<uuid:pk>/activate/", views.ModelActivate.as_view(), name="model-activate"),
    path("models/<uuid:pk>/retire/", views.ModelRetire.as_view(), name="model-retire"),
    path("models/<uuid:pk>/check/", views.ModelCheck.as_view(), name="model-check"),
]
