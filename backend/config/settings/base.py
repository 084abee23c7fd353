"""Every setting of the server. All environment variables are read here; nothing set means embedded."""

from pathlib import Path
from typing import Any

from backend.config.settings.admin_theme import UNFOLD  # noqa: F401
from backend.config.settings.environment import (
    PRODUCTION,
    REPOSITORY,
    env,
    read_choice,
    read_mode,
    read_secret_key,
    refuse_incomplete_production,
)
from backend.config.settings.queueing import BACKGROUND_QUEUE, broker_transport, celery_settings  # noqa: F401
from backend.config.settings.rest import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401
from backend.config.settings.security import content_security_policy
from backend.config.settings.stores import database, file_storages, log_settings

# --- the environment -------------------------------------------------------------------------------
MODE = read_mode()
refuse_incomplete_production(MODE)
IS_PRODUCTION = MODE == PRODUCTION

BASE_DIR = REPOSITORY
DATA_DIR = Path(env.str("DATA_DIR", default=str(REPOSITORY / "var"))).expanduser().resolve()
SECRET_KEY = read_secret_key(DATA_DIR)
DEBUG = env.bool("DEBUG", default=False) and not IS_PRODUCTION

HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=IS_PRODUCTION)  # behind TLS: secure cookies, HSTS, redirect
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)  # believe X-Forwarded-Proto and -For
HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)

WEB_WORKERS = env.int("WEB_WORKERS", default=1)
WEB_THREADS = env.int("WEB_THREADS", default=8)
WORKER_PROCESSES = env.int("WORKER_PROCESSES", default=1)

BATCH_SIZE = env.int("BATCH_SIZE", default=1)  # images of one version that a worker may run together
ENGINE_VERSIONS = env.int("ENGINE_VERSIONS", default=4)  # that a worker process keeps loaded
DEVICE = env.str("DEVICE", default="auto")  # auto | cpu | cuda:N
ENGINE = read_choice("ENGINE", ("auto", "torch", "openvino"))  # auto: OpenVINO on a CPU, torch on a GPU
INFERENCE_MODE = read_choice("INFERENCE_MODE", ("auto", "exact", "fast"))  # auto: fast where it is proven
TEXT_CHECK = env.bool("TEXT_CHECK", default=True)  # look for burned-in text after each answer
ENGINE_COMPILE = env.bool("ENGINE_COMPILE", default=False)  # torch.compile with CUDA graphs, on a GPU
HARD_TIME_LIMIT_S = env.int("HARD_TIME_LIMIT_S", default=120)
BROKER_URL = env.str("BROKER_URL", default="filesystem://")
BROKER_POLL_S = env.float("BROKER_POLL_S", default=0.05)

MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_MB", default=50) * 1024 * 1024  # one image
MAX_MODEL_BYTES = env.int("MAX_MODEL_MB", default=2048) * 1024 * 1024  # an upload of a model version
CHECK_TIME_LIMIT_S = env.int("CHECK_TIME_LIMIT_S", default=900)  # of a model version, in the background
MAX_PIXELS = env.int("MAX_PIXELS", default=40_000_000)
MIN_SIDE = env.int("MIN_SIDE", default=32)
MAX_QUEUED_IMAGES = env.int("MAX_QUEUED_IMAGES", default=1000)  # more are refused with 503
PREVIEWS_PER_MINUTE = env.int("PREVIEWS_PER_MINUTE", default=120)  # and person, or address without an account
MASK_TEXT = env.bool(
    "MASK_TEXT", default=True
)  # False: no text is looked for, whatever the site's settings say
UPLOAD_FORMATS = ("png", "jpeg", "bmp", "tiff", "webp", "dicom")

ALLOW_ANONYMOUS = env.bool("ALLOW_ANONYMOUS", default=not IS_PRODUCTION)
ANONYMOUS_HOURS = env.int("ANONYMOUS_HOURS", default=24)
AUDIT_DAYS = env.int("AUDIT_DAYS", default=0)  # older lines of the audit log are removed; 0 keeps all
LOGIN_ATTEMPTS = env.int("LOGIN_ATTEMPTS", default=10)
LOGIN_WINDOW_S = env.int("LOGIN_WINDOW_S", default=300)
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=IS_PRODUCTION)  # of administrators
IDLE_SIGN_OUT_MINUTES = env.int("IDLE_SIGN_OUT_MINUTES", default=30 if IS_PRODUCTION else 0)  # 0 = never

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
CACHE_URL = env.str("CACHE_URL", default=BROKER_URL if BROKER_URL.startswith("redis") else "locmemcache://")
STORAGE = env.str("STORAGE", default="filesystem")
FRONTEND_DIST = Path(env.str("FRONTEND_DIST", default=str(REPOSITORY / "frontend" / "dist")))
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORM = read_choice("LOG_FORM", ("json", "line") if IS_PRODUCTION else ("line", "json"))

# --- what is installed -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "backend.accounts.admin_config.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "backend.core",
    "backend.audit",
    "backend.site",
    "backend.accounts",
    "backend.registry",
    "backend.studies",
    "backend.inference",
    "backend.outcomes",
    "backend.batches",
    "backend.comparisons",
]
MIDDLEWARE = [
    "backend.core.middleware.RequestIdMiddleware",
    "backend.core.middleware.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backend.core.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "backend.accounts.admin_site.AdminDoorMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "backend.accounts.audit_trail.AuditMiddleware",
    "backend.accounts.idle.IdleSignOutMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
ROOT_URLCONF = "backend.config.urls"
WSGI_APPLICATION = "backend.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

# --- where things are kept -------------------------------------------------------------------------
DATABASES: dict[str, Any] = {"default": database(DATABASE_URL)}
CACHES = {"default": env.cache_url_config(CACHE_URL)}
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = file_storages(STORAGE, MEDIA_ROOT)
MODELS_DIR = DATA_DIR / "models"
STATIC_URL = "static/"
STATICFILES_DIRS = [REPOSITORY / "backend" / "core" / "admin_theme" / "static"]
STATIC_ROOT = None  # the apps' static files are served from where they are: no collectstatic
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # form fields and JSON; files are bounded one by one
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 10
MAX_BODY_BYTES = 3 * MAX_UPLOAD_BYTES + 1024 * 1024  # three images and the form around them

# --- the page --------------------------------------------------------------------------------------
WHITENOISE_ROOT = FRONTEND_DIST if FRONTEND_DIST.is_dir() else None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 0
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+-[A-Za-z0-9_-]{8}\.\w+$"  # Vite's hashed names

# --- who is who ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "/sign-in"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = IDLE_SIGN_OUT_MINUTES > 0  # shared computers
PASSWORD_RESET_TIMEOUT = env.int("INVITATION_HOURS", default=72) * 3600  # of a one-time link
OTP_TOTP_ISSUER = "CV4LymphNode"
CSRF_FAILURE_VIEW = "backend.core.views.csrf_failure"

# --- headers ---------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = content_security_policy(https=HTTPS)
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = HSTS_SECONDS if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# --- the queue (read by backend.config.celery through the CELERY_ namespace) -----------------------
BROKER_TRANSPORT_OPTIONS = broker_transport(
    BROKER_URL, data_dir=DATA_DIR, poll_s=BROKER_POLL_S, hard_limit_s=HARD_TIME_LIMIT_S
)
globals().update(
    celery_settings(
        broker_url=BROKER_URL,
        transport_options=BROKER_TRANSPORT_OPTIONS,
        hard_limit_s=HARD_TIME_LIMIT_S,
    )
)

LOGGING = log_settings(LOG_LEVEL, form=LOG_FORM)
SILENCED_SYSTEM_CHECKS = [] if HTTPS else ["security.W004", "security.W008", "security.W012", "security.W016"]
