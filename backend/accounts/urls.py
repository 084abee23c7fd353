"""Addresses of the `accounts` app, under /api/v1/."""

from django.urls import path

from backend.accounts import views

urlpatterns = [
    path("auth/session/", views.SessionView.as_view(), name="session"),
    path("auth/login/", views.LoginView.as_view(), name="login"),
    path("auth/logout/", views.LogoutView.as_view(), name="logout"),
    path("tokens/", views.TokensView.as_view(), name="tokens"),
]
