"""An installation from before the history keeps its activations, and its active version goes on answering."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

call_command("migrate", "accounts", verbosity=0)
call_command("migrate", "registry", "0001", verbosity=0)
executor = MigrationExecutor(connection)
apps = executor.loader.project_state(executor.loader.graph.leaf_nodes("accounts") + [("registry", "0001_initial")]).apps
User, Version, Event = (apps.get_model(*name) for name in (
    ("accounts", "User"), ("registry", "ModelVersion"), ("registry", "ActivationEvent")))
actor = User.objects.create(username="doctor")
former, active = (
    Version.objects.create(name=name, modality="2d", architecture="resnet18", state=state, synthetic=True,
        format_version=1, manifest={"input_size": 64}, file="models/x", file_bytes=1, file_sha256="a",
        tensor_sha256=name)
    for name, state in (("former", "checked"), ("active", "active")))
Event.objects.create(modality="2d", to_version=former, reason="first")
Event.objects.create(modality="2d", from_version=former, to_version=active, actor=actor, reason="better")
before = list(Event.objects.order_by("reason").values_list("id", "created_at"))
call_command("migrate", verbosity=0)

from backend.registry.errors import RegistryError
from backend.registry.models import ModelVersion, VersionEvent
from backend.registry.selectors import active_version, answering_at
from backend.registry.services import model_version_activate
moved = VersionEvent.objects.filter(action="activated")
try:
    model_version_activate(version=ModelVersion.objects.get(name="former"), actor=None, reason="back")
    refused = ""
except RegistryError as error:
    refused = error.code
out = {
    "same": list(moved.order_by("reason").values_list("id", "created_at")) == before,
    "lines": [[str(e.from_version and e.from_version.name), e.version.name, str(e.actor), e.reason] for e in moved.order_by("created_at")],
    "arrivals": VersionEvent.objects.filter(action="uploaded").count(),
    "answering": answering_at(before[1][1])["2d"].version.name,
    "active": active_version("2d").name,
    "refused": refused,
}
call_command("migrate", "registry", "0001", verbosity=0)
out["back"] = Event.objects.count()
print(json.dumps(out))
"""  # noqa: E501


def test_activations_become_history(tmp_path: Path) -> None:
    env = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "backend.config.settings.base",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {
        "same": True,
        "lines": [["None", "former", "None", "first"], ["former", "active", "doctor", "better"]],
        "arrivals": 2,
        "answering": "former",
        "active": "active",
        "refused": "not_checked",
        "back": 2,
    }
