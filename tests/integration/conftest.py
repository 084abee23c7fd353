"""Both ways to run, as fixtures."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.api_client import Api
from tests.integration.processes import wait_until
from tests.integration.services import postgres, redis
from tests.integration.stack import Stack, embedded_settings, installed, production_settings
from tests.tiny_models import tiny_checkpoints


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three real checkpoints, made once a session."""
    return tiny_checkpoints(tmp_path_factory.mktemp("checkpoints"))


@pytest.fixture(scope="module", params=["embedded", "production"])
def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, checkpoints: dict[str, Path]
) -> Iterator[Stack]:
    """A running server without an active version for elastography."""
    folder = tmp_path_factory.mktemp(request.param)
    offered = {modality: path for modality, path in checkpoints.items() if modality != "elastography"}
    if request.param == "embedded":
        with installed(folder, embedded_settings(), offered) as stack:
            yield started(stack)
        return
    with (
        postgres() as database,
        redis() as broker,
        installed(folder, production_settings(database, broker), offered) as stack,
    ):
        yield started(stack)


def started(stack: Stack) -> Stack:
    """Web, worker and clock run, and a worker was heard from."""
    stack.web = stack.start_web()
    stack.worker = stack.start_worker()
    stack.start_clock()
    wait_until(lambda: _worker_listens(stack), seconds=180, what="a worker was heard from", every=0.3)
    return stack


def _worker_listens(stack: Stack) -> bool:
    return bool(Api(stack.base).get("/readyz").json()["checks"]["worker"]["ok"])
