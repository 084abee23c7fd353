"""A broker that is down costs a moment, not a request."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import time
import django
django.setup()
from celery import shared_task
from backend.core.health import readiness
from backend.core.queue import hint_send

@shared_task
def nothing(): ...

for _ in range(2):
    started = time.monotonic()
    sent = hint_send(nothing)
    print(sent, time.monotonic() - started)
started = time.monotonic()
print(readiness()["broker"].ok, time.monotonic() - started)
"""


def publish(broker_url: str, data_dir: Path) -> list[tuple[str, float]]:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "BROKER_URL": broker_url,
            "DATA_DIR": str(data_dir),
            "DJANGO_SETTINGS_MODULE": "backend.config.settings.base",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    lines = (line.split() for line in result.stdout.splitlines())
    return [(sent, float(seconds)) for sent, seconds in lines]


def test_a_refused_connection_is_soon_over(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for sent, seconds in publish(f"redis://127.0.0.1:{port}/0", tmp_path):
        assert sent == "False"
        assert seconds < 3


def test_a_server_that_accepts_and_says_nothing_is_soon_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for sent, seconds in publish(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", tmp_path):
            assert sent == "False"
            assert seconds < 5


def test_the_file_broker_takes_it_at_once(tmp_path: Path) -> None:
    answers = publish("filesystem://", tmp_path)
    assert [sent for sent, _ in answers] == ["True", "True", "True"]
    assert len(list((tmp_path / "broker" / "messages").iterdir())) == 2
