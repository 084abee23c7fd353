"""The job life and the versions' life once more, on PostgreSQL: its clock, its locks, its JSON."""

import os
import subprocess
import sys

import pytest

from tests.integration.services import postgres
from tests.integration.stack import REPOSITORY

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]
TESTS = {
    "inference": (
        "pipeline",
        "claim_race",
        "idempotency",
        "api_analyses",
        "retention",
        "switching",
        "job_life",
    ),
    "registry": ("activation", "activation_race", "checks", "history_migration", "life_api"),
}


@pytest.mark.parametrize("app", TESTS)
def test_it_holds_on_postgresql(app: str) -> None:
    files = [f"tests/backend/{app}/test_{name}.py" for name in TESTS[app]]
    assert "skipped" not in run_on_postgresql("not long", *files).splitlines()[-1]


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_thousands_of_steps_of_the_job_life_with_actors_at_the_same_moment() -> None:
    said = run_on_postgresql("long", "-s", "tests/backend/inference/test_job_life.py")
    assert "steps on postgresql" in said


def run_on_postgresql(mark: str, *arguments: str) -> str:
    """What pytest printed; the test fails with it when it failed."""
    with postgres() as database:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", "-m", mark]
        env = {**os.environ, "DATABASE_URL": database, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(
            [*command, *arguments], cwd=REPOSITORY, env=env, check=False, capture_output=True, text=True
        )
    print(done.stdout[-3000:])  # noqa: T201
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout
