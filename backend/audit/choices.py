"""The words of the audit log."""

from django.db import models


class ActorKind(models.TextChoices):
    """Who can do something at all."""

    ACCOUNT = "account", "Account"
    ANONYMOUS = "anonymous", "Anonymous owner"
    SERVER = "server", "The server"


class AuditAction(models.TextChoices):
    """What is written down. A name says what was done to what."""

    SIGNED_IN = "signed_in", "Signed in"
    SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
    SIGNED_OUT = "signed_out", "Signed out"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    SECOND_FACTOR_ADDED = "second_factor_added", "Second factor added"
    SECOND_FACTOR_REMOVED = "second_factor_removed", "Second factor removed"
    TOKEN_CREATED = "token_created", "Token made"
    TOKEN_REVOKED = "token_revoked", "Token revoked"
    ACCOUNT_CREATED = "account_created", "Account made"
    ACCOUNT_CHANGED = "account_changed", "Account changed"
    ACCOUNT_LINK_MADE = "account_link_made", "Password link made"
    SETTINGS_CHANGED = "settings_changed", "Settings changed"
    RESULT_VIEWED = "result_viewed", "Result viewed"
    RESULTS_LISTED = "results_listed", "Results listed"
    REPORT_EXPORTED = "report_exported", "Report exported"
    ANSWERS_EXPORTED = "answers_exported", "Answers exported"
    AUDIT_EXPORTED = "audit_exported", "Audit log exported"
    SHARE_CREATED = "share_created", "Link made"
    SHARE_OPENED = "share_opened", "Link opened"
    SHARE_REVOKED = "share_revoked", "Link revoked"
    ANALYSIS_DELETED = "analysis_deleted", "Analysis deleted"
    MODEL_UPLOADED = "model_uploaded", "Model version uploaded"
    MODEL_CHECKED = "model_checked", "Model version passed its check"
    MODEL_REJECTED = "model_rejected", "Model version rejected"
    MODEL_ACTIVATED = "model_activated", "Model version activated"
    MODEL_RETIRED = "model_retired", "Model version retired"
    MODEL_COMPARED = "model_compared", "Model version compared"
    MODEL_CHECK_REQUESTED = "model_check_requested", "Model check asked for"
    COMPARISON_CANCELLED = "comparison_cancelled", "Comparison cancelled"
    LINES_EXPIRED = "lines_expired", "Old lines of the audit log removed"


class ObjectKind(models.TextChoices):
    """What it was done to."""

    NOTHING = "", "—"
    ACCOUNT = "account", "Account"
    TOKEN = "token", "Token"
    ANALYSIS = "analysis", "Analysis"
    SHARE = "share", "Link"
    MODEL_VERSION = "model_version", "Model version"
    COMPARISON = "comparison", "Comparison"
