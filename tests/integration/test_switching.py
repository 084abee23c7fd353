"""Versions are switched while people's images are being answered: nothing fails, and the history is true."""

import threading
from bisect import bisect_right
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import psycopg
import pytest

from scripts.api_client import Api
from tests.integration.conftest import started
from tests.integration.processes import wait_until
from tests.integration.services import postgres, redis
from tests.integration.stack import CELERY, Stack, installed, production_settings
from tests.pictures import png
from tests.tiny_models import tiny_checkpoint

pytestmark = [pytest.mark.integration, pytest.mark.long, pytest.mark.timeout(900)]
ANALYSES, SWITCHES, VISITORS = 300, 20, 8
ANSWERED_WITHIN_S = 600
SECOND_WORKER = (
    *CELERY, "worker", "--pool=prefork", "--concurrency=1", "--queues=inference", "--loglevel=INFO",
    "--hostname=second@%h",
)  # fmt: skip
Events = list[tuple[datetime, str]]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """PostgreSQL, Redis, two worker processes that may batch, three versions of which one is active."""
    folder = tmp_path_factory.mktemp("switching")
    versions = {str(seed): tiny_checkpoint(folder, "2d", seed=seed) for seed in (41, 42, 43)}
    (folder / "data").mkdir()
    with postgres() as database, redis() as broker:
        settings = {**production_settings(database, broker), "BATCH_SIZE": "4"}
        with installed(folder / "data", settings, versions) as stack:
            started(stack)
            stack.start("second-worker", *SECOND_WORKER)
            yield stack


def test_every_analysis_succeeds_with_the_version_that_was_active_at_its_claim(stack: Stack) -> None:
    admin = Api(stack.base, token=stack.token("model_admin", "models:read", "models:write"))
    versions = [row["id"] for row in admin.get("/api/v1/models/?modality=2d").json()["results"]]
    switching = threading.Thread(target=_switch, args=(stack, admin, versions))
    switching.start()
    try:
        states = _visit(stack)
    finally:
        switching.join()
    assert states == ["succeeded"] * ANALYSES
    with _database(stack) as database:
        events = _activations(database)
        claims = database.execute(
            "SELECT started_at, model_version_id::text, attempt FROM inference_prediction"
        )
        rows = claims.fetchall()
    assert len(events) == 3 + SWITCHES  # the three imports made each active once
    wrong = [row for row in rows if _active_at(events, row[0]) != row[1]]
    assert wrong == []
    assert {version for _, version, _ in rows} == set(versions)
    repeated = sum(attempt > 1 for _, _, attempt in rows)
    print(f"{len(rows)} predictions over {SWITCHES} switches, {repeated} of them tried twice")  # noqa: T201


def _visit(stack: Stack) -> list[str]:
    """All analyses are sent as fast as the server takes them, then waited for; how each ended."""
    visitors = [Api(stack.base) for _ in range(VISITORS)]

    def send(visitor: int) -> list[str]:
        api, addresses = visitors[visitor], []
        for number in range(visitor, ANALYSES, VISITORS):
            sent = api.post("/api/v1/analyses/", files={"image_2d": ("a.png", png(number))})
            assert sent.status == 202, sent.body
            addresses.append(str(sent.headers["Location"]))
        return [api.wait(address, seconds=ANSWERED_WITHIN_S)["state"] for address in addresses]

    with ThreadPoolExecutor(VISITORS) as pool:
        return [state for states in pool.map(send, range(VISITORS)) for state in states]


def _switch(stack: Stack, admin: Api, versions: list[str]) -> None:
    """Evenly over the work: after each twenty-first part of the answers another version becomes active."""
    with _database(stack) as database:
        for number in range(SWITCHES):
            enough = (number + 1) * ANALYSES // (SWITCHES + 1)
            wait_until(
                lambda enough=enough: _answered(database) >= enough,  # type: ignore[misc]
                seconds=ANSWERED_WITHIN_S,
                what=f"{enough} answers",
            )
            # The last import is active at first, and the newest is listed first: begin with another one.
            version = versions[(number + 1) % len(versions)]
            done = admin.post_json(f"/api/v1/models/{version}/activate/", {"reason": f"switch {number}"})
            assert done.status == 200, done.body


def _database(stack: Stack) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(stack.env["DATABASE_URL"], autocommit=True)


def _answered(database: "psycopg.Connection[tuple[object, ...]]") -> int:
    row = database.execute("SELECT count(*) FROM inference_prediction WHERE state = 'succeeded'").fetchone()
    return int(row[0])  # type: ignore[index]


def _activations(database: "psycopg.Connection[tuple[object, ...]]") -> Events:
    lines = database.execute(
        "SELECT created_at, version_id::text FROM registry_versionevent "
        "WHERE action = 'activated' ORDER BY created_at"
    )
    return lines.fetchall()  # type: ignore[return-value]


def _active_at(events: Events, moment: datetime) -> str:
    """By the history."""
    return events[bisect_right([at for at, _ in events], moment) - 1][1]
