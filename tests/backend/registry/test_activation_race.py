"""Two admins activate different versions at the same moment, again and again."""

import threading
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection, connections
from rest_framework.test import APIClient

from backend.registry.models import ModelVersion, VersionEvent
from tests.factories import model_version_create, program, user_create

ROUNDS = 200


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_once_always_leave_exactly_one_active(tmp_path: Path) -> None:
    """Every answer is 200, whoever is first; a watcher never sees none or two active."""
    if connection.vendor == "sqlite":
        pytest.skip(
            "SQLite's test database lives in one connection; tests/integration runs this on PostgreSQL"
        )
    model_version_create(tmp_path, activate=True)
    versions = [model_version_create(tmp_path) for _ in range(2)]
    clients = [program(user_create(role="model_admin"), scopes=["models:write"]) for _ in versions]
    start, answers, seen = threading.Barrier(2), [[], []], set()  # type: ignore[var-annotated]
    over = threading.Event()

    def activate(number: int) -> None:
        for _ in range(ROUNDS):
            start.wait()
            answers[number].append(_activate(clients[number], versions[number]))
        connections.close_all()

    def watch() -> None:
        while not over.is_set():
            seen.add(ModelVersion.objects.filter(state="active").count())
        connections.close_all()

    watcher = threading.Thread(target=watch)
    watcher.start()
    threads = [threading.Thread(target=activate, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    watcher.join()
    assert answers == [[200] * ROUNDS] * 2
    assert seen == {1}
    _assert_the_history_is_one_chain()
    print(f"{ROUNDS} rounds, {VersionEvent.objects.filter(action='activated').count() - 1} switches")  # noqa: T201


def _activate(client: APIClient, version: ModelVersion) -> int:
    answer = client.post(f"/api/v1/models/{version.pk}/activate/", {"reason": "mine"})
    return int(answer.status_code)


def _assert_the_history_is_one_chain() -> None:
    """Each activation takes over from the one before it, and the last one is active."""
    events = list(VersionEvent.objects.filter(action="activated").order_by("created_at"))
    assert len(events) >= ROUNDS  # in every round one of the two was not active before
    for former, later in pairwise(events):
        assert later.from_version_id == former.version_id
    assert ModelVersion.objects.get(state="active").pk == events[-1].version_id
