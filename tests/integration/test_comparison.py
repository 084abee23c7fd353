"""A comparison in real processes: whatever dies or stops on the way, every case ends exactly once."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from scripts.api_client import Api
from tests.integration.processes import Running, wait_until
from tests.integration.stack import Stack
from tests.integration.test_upload_to_result import large_png
from tests.tiny_models import tiny_checkpoint

pytestmark = [pytest.mark.integration, pytest.mark.long]
CASES = 6


@pytest.fixture(scope="module")
def candidate(stack: Stack, admin: Api, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of a checked version for 2D, beside the active one."""
    path = tiny_checkpoint(tmp_path_factory.mktemp("candidate"), "2d", seed=23)
    stack.manage("model_import", str(path), "--name", "the candidate")
    listed = admin.get("/api/v1/models/?modality=2d").json()["results"]
    return str(next(row["id"] for row in listed if row["name"] == "the candidate"))


@pytest.fixture(scope="module")
def admin(stack: Stack) -> Api:
    return Api(stack.base, token=stack.token("model_admin", "models:read", "models:write"))


@pytest.fixture(scope="module", autouse=True)
def _answered(stack: Stack) -> None:
    """Large images, so that each case takes a while."""
    api = Api(stack.base)
    for seed in range(CASES):
        sent = api.post("/api/v1/analyses/", files={"image_2d": ("a.png", large_png(seed))})
        assert api.wait(sent.headers["Location"])["state"] == "succeeded"


@pytest.fixture(autouse=True)
def _logs_on_failure(stack: Stack, request: pytest.FixtureRequest):
    failed_before = request.session.testsfailed
    yield
    if request.session.testsfailed > failed_before:
        print(stack.logs())  # noqa: T201


def test_a_killed_background_worker_costs_no_case(stack: Stack, admin: Api, candidate: str) -> None:
    address = rerun(admin, candidate)
    worker = stack.start_background_worker()
    try:
        wait_until(lambda: one_done_one_running(admin, address), seconds=120, what="it is under way")
        kill(worker)
        killed_at = time.monotonic()
        assert "running" in states(admin, address), "it was killed between two cases"
        worker = stack.start_background_worker()
        wait_until(lambda: ended(admin, address), seconds=120, what="it ends")
        print(f"ended {time.monotonic() - killed_at:.1f} s after the kill")  # noqa: T201
    finally:
        worker.stop()
    assert_every_case_once(stack, admin, address)


def test_a_background_worker_that_is_asked_to_stop_hands_over(
    stack: Stack, admin: Api, candidate: str
) -> None:
    address = rerun(admin, candidate)
    worker = stack.start_background_worker()
    try:
        wait_until(lambda: one_done_one_running(admin, address), seconds=120, what="it is under way")
        os.kill(worker.pid, signal.SIGTERM)
        wait_until(lambda: not worker.is_alive(), seconds=30, what="it ends by itself")
        left = states(admin, address)
        assert "running" not in left, "the case at hand was not finished"
        assert "queued" in left, "it went on until everything was done"
        worker = stack.start_background_worker()
        wait_until(lambda: ended(admin, address), seconds=120, what="it ends")
    finally:
        worker.stop()
    assert_every_case_once(stack, admin, address)


def test_torch_is_there_only_while_a_comparison_runs(stack: Stack, admin: Api, candidate: str) -> None:
    worker = stack.start_background_worker()
    try:
        address = rerun(admin, candidate)
        wait_until(lambda: has_torch(worker), seconds=60, what="a pool process has loaded torch")
        wait_until(lambda: ended(admin, address), seconds=120, what="it ends")
        wait_until(lambda: not has_torch(worker), seconds=30, what="torch is gone with its process")
    finally:
        worker.stop()


def has_torch(worker: Running) -> bool:
    """In the worker or in one of its pool processes."""
    tree = [worker.pid, *worker.children()]
    maps = [Path(f"/proc/{pid}/maps") for pid in tree]
    return any("libtorch" in path.read_text() for path in maps if path.exists())


def rerun(admin: Api, candidate: str) -> str:
    asked = admin.post_json(f"/api/v1/models/{candidate}/rerun/", {"last": CASES, "reason": "a test"})
    assert asked.status == 202, asked.body
    return str(asked.headers["Location"])


def kill(worker: Running) -> None:
    """kill -9 of the main process and, at the same moment, of the process that has a case in its hands."""
    for process in (psutil.Process(worker.pid), *psutil.Process(worker.pid).children()):
        process.send_signal(signal.SIGKILL)
    worker.stop()


def cases(admin: Api, address: str) -> list[dict[str, Any]]:
    return list(admin.get(f"{address}cases/").json()["results"])


def states(admin: Api, address: str) -> list[str]:
    return [case["state"] for case in cases(admin, address)]


def one_done_one_running(admin: Api, address: str) -> bool:
    return {"succeeded", "running", "queued"} <= set(states(admin, address))


def ended(admin: Api, address: str) -> bool:
    return bool(admin.get(address).json()["state"] == "finished")


def assert_every_case_once(stack: Stack, admin: Api, address: str) -> None:
    counts = admin.get(address).json()["counts"]
    assert counts["total"] == counts["done"] == counts["agree"] + counts["changed"] == CASES
    assert counts["failed"] == 0
    for case in cases(admin, address):
        shown = [address for address in case["cams"]["candidate"].values() if address]
        assert shown
        assert {admin.get(address).status for address in shown} == {200}
        attempts = list((stack.folder / "media" / "maps" / case["id"]).iterdir())
        assert len(attempts) == 1, "an attempt that was dropped has left its files"
