"""Addresses of the `accounts` app, under /api/v1/."""

from django.urls import path

from backend.accounts import audit_views, second_factor_views, site_views, token_views, user_views, views

urlpatterns = [
    path("auth/session/", views.SessionView.as_view(), name="session"),
    path("auth/login/", views.LoginView.as_view(), name="login"),
    path("auth/logout/", views.LogoutView.as_view(), name="logout"),
    path("auth/password/", views.PasswordView.as_view(), name="password"),
    path("auth/welcome/", views.WelcomeView.as_view(), name="welcome"),
    path("auth/second-factor/", second_factor_views.SecondFactorView.as_view(), name="second-factor"),
    path(
        "auth/second-factor/confirm/",
        second_factor_views.SecondFactorConfirmView.as_view(),
        name="second-factor-confirm",
    ),
    path("auth/first-read/", site_views.OwnFirstReadView.as_view(), name="own-first-read"),
    path("audit/", audit_views.AuditView.as_view(), name="audit"),
    path("audit/events.csv", audit_views.AuditExportView.as_view(), name="audit-export"),
    path("settings/", site_views.SettingsView.as_view(), name="settings"),
    path("tokens/", token_views.TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:pk>/", token_views.TokenView.as_view(), name="token"),
    path("users/", user_views.UsersView.as_view(), name="users"),
    path("users/<uuid:pk>/", user_views.UserView.as_view(), name="user"),
    path("users/<uuid:pk>/invite/", user_views.UserInviteView.as_view(), name="user-invite"),
]
