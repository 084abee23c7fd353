"""The web application for gunicorn: `gunicorn backend.config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings.base")

application = get_wsgi_application()
