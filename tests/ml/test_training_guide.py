"""docs/training.md, run as written: from nothing to an imported model version."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ml.__main__ import build_parser
from ml.manifest import read_manifest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "training.md"


def lines_marked(name: str) -> str:
    """The bash lines that follow the mark in the guide."""
    found = re.search(rf"<!-- tested: {name} -->\n```bash\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found, f"docs/training.md has no block marked '{name}'"
    return found[1]


@pytest.mark.timeout(900)
def test_the_rehearsal_ends_with_an_imported_version(tmp_path):
    env = {
        **os.environ,
        "WORK": str(tmp_path / "work"),
        "DATA_DIR": str(tmp_path / "var"),
        "OMP_WAIT_POLICY": "passive",
        "DJANGO_SETTINGS_MODULE": "backend.config.settings.base",
    }
    script = "set -euo pipefail\n" + lines_marked("rehearsal").replace("python ", f"{sys.executable} ")
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=880
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "✓ rehearsal.safetensors" in done.stdout
    manifest = read_manifest(tmp_path / "work" / "rehearsal.safetensors")
    assert (manifest.name, manifest.modality, manifest.synthetic) == ("rehearsal", "elastography", True)
    assert (tmp_path / "work" / "elastography" / "report" / "report.md").is_file()


def test_every_command_of_the_guide_exists():
    known = build_parser().format_help()
    for command in set(re.findall(r"-m ml ([a-z]+)", GUIDE.read_text())):
        assert f"    {command} " in known
