"""Settings from the environment: defaults that work, and a production that does not guess."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMPLETE = {
    "MODE": "production",
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgres://u:p@127.0.0.1:1/db",
    "BROKER_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "lymph.example.org",
}
NOT_INHERITED = (*COMPLETE, "DJANGO_SETTINGS_MODULE", "DATA_DIR", "HTTPS", "ALLOW_ANONYMOUS", "DEBUG")


def load_settings(data_dir: Path, *names: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a process of its own and print some of them as JSON."""
    clean = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    program = (
        "import json, sys; from backend.config.settings import base;"
        "print(json.dumps({n: getattr(base, n) for n in sys.argv[1:]}, default=str))"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *names],
        env={**clean, "DATA_DIR": str(data_dir), **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def read(result: subprocess.CompletedProcess[str]) -> dict:
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_nothing_set_works_and_stays_on_this_machine(tmp_path: Path) -> None:
    names = ("MODE", "HOST", "ALLOWED_HOSTS", "ALLOW_ANONYMOUS", "DATABASES", "SESSION_COOKIE_SECURE")
    values = read(load_settings(tmp_path, *names))
    assert values["MODE"] == "embedded"
    assert values["HOST"] == "127.0.0.1"
    assert values["ALLOW_ANONYMOUS"] is True
    assert values["SESSION_COOKIE_SECURE"] is False  # plain HTTP on 127.0.0.1
    assert values["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert values["DATABASES"]["default"]["NAME"] == str(tmp_path / "db.sqlite3")


def test_the_generated_secret_is_private_and_stays(tmp_path: Path) -> None:
    first = read(load_settings(tmp_path, "SECRET_KEY"))
    second = read(load_settings(tmp_path, "SECRET_KEY"))
    assert first == second
    assert len(first["SECRET_KEY"]) >= 50
    mode = stat.S_IMODE((tmp_path / "secret_key").stat().st_mode)
    assert mode == 0o600
    assert [path.name for path in tmp_path.glob("secret_key*")] == ["secret_key"]


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL", "BROKER_URL", "ALLOWED_HOSTS"])
def test_production_names_what_is_missing(tmp_path: Path, missing: str) -> None:
    environment = {name: value for name, value in COMPLETE.items() if name != missing}
    result = load_settings(tmp_path, **environment)
    assert result.returncode != 0
    last = result.stderr.strip().splitlines()[-1]
    assert "MODE=production needs" in last
    assert missing in last
    others = set(COMPLETE) - {missing, "MODE"}
    assert not any(f"{name}," in last or f"{name}:" in last for name in others)


def test_production_names_everything_at_once(tmp_path: Path) -> None:
    last = load_settings(tmp_path, MODE="production").stderr.strip().splitlines()[-1]
    assert "SECRET_KEY, DATABASE_URL, BROKER_URL, ALLOWED_HOSTS" in last


def test_production_refuses_a_short_secret(tmp_path: Path) -> None:
    result = load_settings(tmp_path, **{**COMPLETE, "SECRET_KEY": "changeme"})
    assert result.returncode != 0
    assert "at least 32 characters" in result.stderr


def test_an_unknown_mode_stops_the_start(tmp_path: Path) -> None:
    result = load_settings(tmp_path, MODE="prod")
    assert "MODE must be 'embedded' or 'production', not 'prod'" in result.stderr


def test_production_is_closed_by_default(tmp_path: Path) -> None:
    names = (
        "ALLOW_ANONYMOUS",
        "SESSION_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "DEBUG",
    )
    values = read(load_settings(tmp_path, *names, **COMPLETE, DEBUG="true"))
    assert values == {
        "ALLOW_ANONYMOUS": False,
        "SESSION_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "DEBUG": False,
    }


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "given"
    secret.write_text("s" * 60)
    environment = {name: value for name, value in COMPLETE.items() if name != "SECRET_KEY"}
    values = read(load_settings(tmp_path, "SECRET_KEY", **environment, SECRET_KEY_FILE=str(secret)))
    assert values["SECRET_KEY"] == "s" * 60


def test_time_limits_follow_from_one_number(tmp_path: Path) -> None:
    names = (
        "CELERY_TASK_TIME_LIMIT",
        "CELERY_TASK_SOFT_TIME_LIMIT",
        "CELERY_TASK_ANNOTATIONS",
        "CELERY_TASK_ROUTES",
        "CELERY_BROKER_TRANSPORT_OPTIONS",
    )
    values = read(load_settings(tmp_path, *names, BROKER_URL="redis://x", HARD_TIME_LIMIT_S="200"))
    soft, hard = values["CELERY_TASK_SOFT_TIME_LIMIT"], values["CELERY_TASK_TIME_LIMIT"]
    assert (soft, hard) == (180, 200)
    in_background = {
        task for task, route in values["CELERY_TASK_ROUTES"].items() if route["queue"] == "background"
    }
    assert in_background == set(values["CELERY_TASK_ANNOTATIONS"])
    for limits in values["CELERY_TASK_ANNOTATIONS"].values():
        assert limits == {"soft_time_limit": 1800, "time_limit": 2000}
    assert values["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"] == 2200


def test_deployment_checks_are_clean_in_production(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**clean, **COMPLETE, "DATA_DIR": str(tmp_path), "SECRET_KEY": "aB3$" + "x9_Qz" * 12},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, [False, 0, False]),
        (COMPLETE, [True, 30, True]),
        ({**COMPLETE, "REQUIRE_SECOND_FACTOR": "false", "IDLE_SIGN_OUT_MINUTES": "0"}, [False, 0, False]),
        ({"IDLE_SIGN_OUT_MINUTES": "5"}, [False, 5, True]),
    ],
)
def test_production_is_strict_with_accounts(
    tmp_path: Path, environment: dict[str, str], expected: list[object]
) -> None:
    names = ("REQUIRE_SECOND_FACTOR", "IDLE_SIGN_OUT_MINUTES", "SESSION_EXPIRE_AT_BROWSER_CLOSE")
    values = read(load_settings(tmp_path, *names, **environment))
    assert [values[name] for name in names] == expected


@pytest.mark.parametrize("name", ["ENGINE", "INFERENCE_MODE"])
def test_a_misspelt_choice_stops_the_start(name: str, tmp_path: Path) -> None:
    refused = load_settings(tmp_path, name, **{name: "quick"})
    assert refused.returncode != 0
    assert f"{name} must be one of auto" in refused.stderr
    assert read(load_settings(tmp_path, name, **{name: "auto"})) == {name: "auto"}
