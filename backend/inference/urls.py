"""Addresses of the `inference` app, under /api/v1/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
