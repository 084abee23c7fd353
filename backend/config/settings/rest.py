"""Django REST framework and its OpenAPI schema."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backend.accounts.authentication.BearerTokenAuthentication",  # first: 401 must name a way in
        "backend.accounts.authentication.BrowserSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["backend.accounts.permissions.SignedInOrAnonymousAllowed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "backend.core.negotiation.FirstRendererNegotiation",
    "DEFAULT_PAGINATION_CLASS": "backend.core.pagination.NewestFirst",
    "DEFAULT_FILTER_BACKENDS": ["backend.core.filters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "backend.core.schema.ProblemAutoSchema",
    "EXCEPTION_HANDLER": "backend.core.problems.problem_handler",
    "UNICODE_JSON": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "CV4LymphNode",
    "DESCRIPTION": (
        "Cervical lymph nodes in three ultrasound modalities: class probabilities and Grad-CAM maps. "
        "Research use only, not a medical device."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "ModalityEnum": "backend.registry.choices.MODALITY_CHOICES",
        "VersionModalityEnum": "backend.registry.choices.VERSION_CHOICES",
        "PredictionStateEnum": "backend.inference.choices.PredictionState.choices",
        "AnalysisStateEnum": "backend.inference.choices.AnalysisState.choices",
        "ClassEnum": "backend.inference.serializers.CLASS_CHOICES",
        "ModelVersionStateEnum": "backend.registry.choices.VersionState.choices",
        "FirstReadStateEnum": "backend.inference.choices.FirstReadState.choices",
        "FirstReadModeEnum": "backend.site.choices.FirstReadMode.choices",
        "ConfidenceEnum": "backend.outcomes.choices.Confidence.choices",
        "ActionEnum": "backend.registry.choices.EventAction.choices",
        "AuditActionEnum": "backend.audit.choices.AuditAction.choices",
        "ComparisonStateEnum": "backend.comparisons.choices.ComparisonState.choices",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "DISABLE_ERRORS_AND_WARNINGS": False,
}
