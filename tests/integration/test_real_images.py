"""Every real ultrasound file through the real API: 99 % are answered, the rest refused with a reason."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import started
from tests.integration.stack import REPOSITORY, embedded_settings, installed
from tests.real_data import REAL_DATA, needs_real_data

pytestmark = [pytest.mark.integration, pytest.mark.long, pytest.mark.timeout(3600), needs_real_data]


def test_real_images_are_answered(tmp_path: Path, checkpoints: dict[str, Path]) -> None:
    report = tmp_path / "report.json"
    (tmp_path / "server").mkdir()
    with installed(tmp_path / "server", embedded_settings(), checkpoints) as stack:
        started(stack)
        command = [sys.executable, "scripts/send_real_images.py", "--url", stack.base]
        options = ["--data", str(REAL_DATA), "--json", str(report)]
        done = subprocess.run(
            [*command, *options], cwd=REPOSITORY, check=False, capture_output=True, text=True
        )
    print(done.stdout)  # noqa: T201
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(report.read_text())
    assert counts["files"] > 2000
    assert counts["share_succeeded"] >= 0.99
