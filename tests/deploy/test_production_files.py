"""What the production stack is made of, looked at by the programs that would read it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.proxy import nginx_config
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
    config = nginx_config(tmp_path, program, "127.0.0.1:8000")
    assert "successful" in _output([program, "-t", "-c", str(config)])
