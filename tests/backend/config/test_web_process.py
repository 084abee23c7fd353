"""What the web process may not load."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import sys
import backend.config.wsgi
from django.urls import get_resolver
from backend.config.celery import app
get_resolver().url_patterns
app.loader.import_default_modules()
heavy = {"torch", "torchvision", "pytorch_grad_cam", "sklearn"}
finder = {"ml.overlays.text", "rapidocr", "onnxruntime", "cv2"}  # of text, for workers
heavy = (heavy | finder) & set(sys.modules)
print(",".join(sorted(heavy)) or "none", len(app.tasks))
"""


def test_the_web_process_never_imports_torch_nor_the_finder_of_text(tmp_path: Path) -> None:
    """All URLs resolved and all tasks imported, as a request that dispatches one would have it."""
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            **os.environ,
            "DATA_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "backend.config.settings.base",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split()[0] == "none"
