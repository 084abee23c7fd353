"""The job life and the versions' life once more, on PostgreSQL: its clock, its locks, its JSON."""

import os
import subprocess
import sys

import pytest

from tests.integration.services import postgres
from tests.integration.stack import REPOSITORY

pytestmark = pytest.mark.integration
TESTS = {
    "inference": ("pipeline", "claim_race", "idempotency", "api_analyses", "retention", "switching"),
    "registry": ("activation", "activation_race", "checks", "history_migration", "life_api"),
}


@pytest.mark.parametrize("app", TESTS)
def test_it_holds_on_postgresql(app: str) -> None:
    with postgres() as database:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header"]
        files = [f"tests/backend/{app}/test_{name}.py" for name in TESTS[app]]
        env = {**os.environ, "DATABASE_URL": database, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            [*command, *files], cwd=REPOSITORY, env=env, check=False, capture_output=True, text=True
        )
    print(done.stdout[-3000:])  # noqa: T201
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "skipped" not in done.stdout.splitlines()[-1]
