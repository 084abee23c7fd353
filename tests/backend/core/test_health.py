"""Live, ready, counted."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from backend.core import health
from backend.core.heartbeat import heartbeat_record
from backend.core.models import WorkerHeartbeat
from ml.taxonomy import MODALITIES
from tests.factories import model_version_create

pytestmark = pytest.mark.django_db


def ready() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()["checks"]


@pytest.fixture
def everything_up(tmp_path: Path) -> None:
    heartbeat_record(worker="inference@here", device="cpu")
    for modality in MODALITIES:
        model_version_create(tmp_path / "made", activate=True, modality=modality)


def test_live_even_when_not_ready() -> None:
    assert Client().get("/healthz").status_code == 200
    assert ready()[0] == 503


def test_ready_when_everything_is_up(everything_up: None) -> None:
    status, checks = ready()
    assert status == 200, checks
    assert set(checks) >= {"database", "broker", "storage", "worker", "models"}


def test_a_silent_worker_is_not_ready(everything_up: None) -> None:
    WorkerHeartbeat.objects.update(last_seen_at=timezone.now() - timedelta(seconds=31))
    status, checks = ready()
    assert status == 503
    assert [name for name, check in checks.items() if not check["ok"]] == ["worker"]


def test_the_modality_without_a_model_is_named(tmp_path: Path) -> None:
    model_version_create(tmp_path / "made", activate=True, modality=MODALITIES[0])
    detail = ready()[1]["models"]["detail"]
    assert "cdfi, elastography" in detail
    assert "2d" not in detail


def test_a_storage_that_takes_nothing_is_not_ready(everything_up: None, settings: LazySettings) -> None:
    Path(settings.MEDIA_ROOT).rename(Path(settings.MEDIA_ROOT).with_name("gone"))
    Path(settings.MEDIA_ROOT).write_text("a file where the folder should be")
    status, checks = ready()
    assert status == 503
    assert not checks["storage"]["ok"]


def test_the_storage_probe_leaves_nothing(everything_up: None, storage: Path) -> None:
    ready()
    assert [path for path in storage.iterdir() if path.is_file()] == []


def test_one_heartbeat_row_a_worker_and_old_rows_go() -> None:
    heartbeat_record(worker="a")
    first = WorkerHeartbeat.objects.get(worker="a").first_seen_at
    WorkerHeartbeat.objects.create(worker="old", last_seen_at=timezone.now() - timedelta(days=2))
    heartbeat_record(worker="a", device="cuda:0")
    row = WorkerHeartbeat.objects.get()
    assert (row.worker, row.device, row.first_seen_at) == ("a", "cuda:0", first)


def test_a_check_that_raises_counts_as_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> health.Finding:
        raise ConnectionRefusedError

    checks: dict[str, Callable[[], health.Finding]] = {"extra": fails}
    monkeypatch.setattr(health, "_checks", checks)
    status, found = ready()
    assert status == 503
    assert found["extra"] == {"ok": False, "detail": "extra does not answer (ConnectionRefusedError)"}


def test_metrics_count_in_prometheus_text(everything_up: None) -> None:
    answer = Client().get("/metrics")
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = answer.content.decode().splitlines()
    assert "cv4ln_workers_listening 1" in lines
    assert 'cv4ln_model_versions{modality="cdfi",state="active"} 1' in lines
    assert all(line.startswith(("#", "cv4ln_")) for line in lines)


def test_probes_know_neither_the_host_name_nor_https(settings: LazySettings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    inside = Client(headers={"host": "10.0.0.7:8000"})
    assert inside.get("/healthz").status_code == 200
    assert inside.get("/readyz").status_code == 503
    assert inside.get("/metrics").status_code == 200
    assert inside.get("/").status_code == 400
