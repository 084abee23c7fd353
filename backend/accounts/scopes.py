"""What a personal token may be used for."""

from django.db import models


class Scope(models.TextChoices):
    """A token does only what its scopes name, and never more than its owner's role allows."""

    ANALYSES_READ = "analyses:read", "Read analyses"
    ANALYSES_WRITE = "analyses:write", "Send, cancel and delete analyses"
    MODELS_READ = "models:read", "Read model versions, checks and history"
    MODELS_WRITE = "models:write", "Upload, activate and retire model versions"
