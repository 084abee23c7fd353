"""Settings of the test suite: the base settings in a throw-away DATA_DIR, quick password hashing."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("MODE", "embedded")
if "TEST_DATA_DIR" in os.environ:
    os.environ["DATA_DIR"] = os.environ["TEST_DATA_DIR"]
else:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="cv4lymphnode-test-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
os.environ.setdefault("BROKER_URL", "memory://")
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ.setdefault("TEXT_CHECK", "false")  # its own tests turn it on
os.environ.setdefault("MASK_TEXT", "false")  # a second an image: tests about it turn it on
os.environ.setdefault("ENGINE", "torch")  # a test that wants conversions asks for them

from backend.config.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
LOGIN_ATTEMPTS = 5
# Looks for a static file when it is asked for; otherwise each test client reads all of them at its start.
WHITENOISE_AUTOREFRESH = True
