"""What Prometheus learns of the answers."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from backend.inference.models import Prediction
from backend.registry.models import ModelVersion
from tests.backend.inference.conftest import post, work_off
from tests.factories import browser
from tests.pictures import png, upload

ROOT = Path(__file__).resolve().parents[3]
RULES, RULE_TESTS = ROOT / "deploy" / "alerts.yml", ROOT / "deploy" / "alerts.test.yml"


@pytest.mark.django_db
def test_times_by_stage_and_answers_by_class(versions: dict[str, ModelVersion]) -> None:
    for seed in range(3):
        post(browser(), {"image_2d": upload(png(seed)), "case_label": "a label nobody may see"})
    work_off()
    page = Client().get("/metrics").content.decode()
    name = versions["2d"].name
    found = re.findall(
        r'cv4ln_answer_seconds\{modality="2d",version="(.+?)",stage="total",(.+?)\} (.+)', page
    )
    assert [(version, quantile) for version, quantile, _ in found] == [
        (name, 'quantile="0.5"'), (name, 'quantile="0.95"'),
    ]  # fmt: skip
    longest = max(row.timings_ms["total"] for row in Prediction.objects.all() if row.timings_ms) / 1000
    assert 0 < float(found[0][2]) <= float(found[1][2]) <= longest + 1e-4
    by_class = re.findall(r'cv4ln_answers_by_class\{modality="2d",.*class="\w+"\} (\d+)', page)
    assert sum(map(int, by_class)) == 3
    assert "nobody may see" not in page


def test_every_alert_asks_for_a_metric_that_is_there() -> None:
    families = set(re.findall(r"cv4ln_\w+", RULES.read_text()))
    sources = "".join(path.read_text() for path in (ROOT / "backend").rglob("*.py"))
    assert families
    assert {name for name in families if f'"{name}"' not in sources} == set()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)")
@pytest.mark.parametrize("command", [["check", "rules", RULES], ["test", "rules", RULE_TESTS]])
def test_prometheus_takes_the_alert_rules(command: list[str | Path]) -> None:
    done = subprocess.run(["promtool", *command], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_explained() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    alerts = re.findall(r"- alert: (\w+)", RULES.read_text())
    assert alerts
    assert [name for name in alerts if f"`{name}`" not in page] == []
