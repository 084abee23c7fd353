"""What the production stack is made of, looked at by the programs that would read it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.stack import REPOSITORY, SECRET_KEY

COMPOSE = REPOSITORY / "docker-compose.yml"
SCHEMA = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
SETTINGS = {
    "MODE": "production",
    "SECRET_KEY": SECRET_KEY,
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "BROKER_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "lymph.example.org",
    "BEHIND_PROXY": "true",
}


def _output(command: list[str], **kwargs: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **kwargs)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_compose_file_follows_the_schema() -> None:
    _output([*SCHEMA, str(COMPOSE)])


def test_django_finds_nothing_to_say_about_production(tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", **SETTINGS, "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"]
    assert "no issues" in _output(command, env=env, cwd=REPOSITORY)


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        pytest.skip("nginx is not installed (Debian: apt-get install nginx-light)")
    version = tuple(map(int, re.findall(r"\d+", _output([program, "-v"]))[:3]))
    key = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    _output([*key, "-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")])
    text = (REPOSITORY / "deploy" / "nginx.conf").read_text()
    text = text.replace("/tmp/", f"{tmp_path}/")  # noqa: S108 (of the container)
    text = text.replace("/etc/nginx/tls", str(tmp_path)).replace("server web:8000", "server 127.0.0.1:8000")
    if version < (1, 25, 1):  # Debian 12's: what came later is said in the older words
        text = text.replace("http2 on;", "").replace("listen 8443 ssl;", "listen 8443 ssl http2;")
    config = tmp_path / "nginx.conf"
    config.write_text(text)
    assert "successful" in _output([program, "-t", "-c", str(config)])
