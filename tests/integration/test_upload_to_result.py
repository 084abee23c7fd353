"""The whole job over HTTP, on both ways to run, and what may die on the way."""

import io
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image

from scripts.api_client import Api
from tests.integration.processes import wait_until
from tests.integration.stack import Stack
from tests.pictures import png

pytestmark = pytest.mark.integration
TWO = {"image_2d": ("a.png", png(1)), "image_cdfi": ("b.png", png(2))}
ANSWERED_WITHIN_S = 30  # of a new worker's start


@pytest.fixture(autouse=True)
def _logs_on_failure(stack: Stack, request: pytest.FixtureRequest):
    failed_before = request.session.testsfailed
    yield
    if request.session.testsfailed > failed_before:
        print(stack.logs())  # noqa: T201


def test_the_whole_job(stack: Stack) -> None:
    api = Api(stack.base)
    accepted = api.post("/api/v1/analyses/", {"case_label": "N-17"}, TWO)
    assert accepted.status == 202, accepted.body
    assert accepted.headers["Location"].startswith(stack.base)
    answer = api.wait(accepted.headers["Location"])
    assert answer["state"] == "succeeded"
    assert answer["case_answer"]["method"] == "log_mean"
    for prediction in answer["predictions"]:
        maps = [address for address in prediction["cams"].values() if address]
        assert maps
        for address in (prediction["image"], *maps, f"{maps[0]}?style=overlay"):
            shown = api.get(address)
            assert shown.status == 200
            assert Image.open(io.BytesIO(shown.body)).size == (96, 72)
    assert Api(stack.base).get(accepted.headers["Location"]).status == 404
    assert api.delete(accepted.headers["Location"]).status == 204
    assert api.get(accepted.headers["Location"]).status == 404


def test_a_modality_without_a_model_ends_partial(stack: Stack) -> None:
    api = Api(stack.base)
    accepted = api.post("/api/v1/analyses/", files={**TWO, "image_elastography": ("c.png", png(3))})
    answer = api.wait(accepted.headers["Location"])
    assert answer["state"] == "partial"
    failures = {row["modality"]: row["failure"] and row["failure"]["code"] for row in answer["predictions"]}
    assert failures == {"2d": None, "cdfi": None, "elastography": "model_unavailable"}


def test_twenty_posts_at_once_with_one_key_give_one_analysis(stack: Stack) -> None:
    api = Api(stack.base)
    api.post("/api/v1/analyses/", files=TWO)  # the session gets its owner

    def send(_: int) -> tuple[int, str]:
        answer = api.post("/api/v1/analyses/", files=TWO, headers={"Idempotency-Key": "twenty"})
        return answer.status, answer.json().get("id", answer.json().get("code"))

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    assert {status for status, _ in answers} <= {202, 409}
    made = {what for status, what in answers if status == 202}
    assert len(made) == 1
    assert {what for status, what in answers if status == 409} <= {"idempotency_key_in_flight"}
    again = api.post("/api/v1/analyses/", files=TWO, headers={"Idempotency-Key": "twenty"})
    assert (again.status, again.json()["id"], again.headers["Idempotent-Replay"]) == (202, *made, "true")
    assert len(api.get("/api/v1/analyses/").json()["results"]) == 2


def test_thirty_analyses_at_once_all_end(stack: Stack) -> None:
    api = Api(stack.base)
    api.post("/api/v1/analyses/", files=TWO)
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda _: api.post("/api/v1/analyses/", files=TWO), range(30)))
    assert {answer.status for answer in sent} == {202}
    ends = [api.wait(answer.headers["Location"], seconds=90) for answer in sent]
    assert {end["state"] for end in ends} == {"succeeded"}


def test_a_killed_pool_process_costs_no_answer(stack: Stack) -> None:
    api = Api(stack.base)
    address = _start_something_long(api)
    [child] = stack.worker.children()
    killed_at = time.monotonic()
    os.kill(child, signal.SIGKILL)
    _assert_answered_once(api, address)
    print(f"pool child killed: answered after {time.monotonic() - killed_at:.1f} s")  # noqa: T201


def test_a_killed_worker_costs_no_answer(stack: Stack) -> None:
    """The main process dies at once, and its pool process with it."""
    api = Api(stack.base)
    address = _start_something_long(api)
    children = stack.worker.children()
    stack.worker.kill()
    for child in children:
        os.kill(child, signal.SIGKILL)
    assert api.get(address).json()["state"] == "running"
    stack.worker = stack.start_worker()
    started_at = time.monotonic()
    _assert_answered_once(api, address)
    print(f"worker killed: answered {time.monotonic() - started_at:.1f} s after the new start")  # noqa: T201


def test_the_sweep_command_finds_nothing_left(stack: Stack) -> None:
    assert stack.manage("sweep").strip() == "0 queued again, 0 given up, 0 messages sent"


def _start_something_long(api: Api) -> str:
    """Two large images: the first one is being run when this returns."""
    large = {"image_2d": ("a.png", large_png(1)), "image_cdfi": ("b.png", large_png(2))}
    address = api.post("/api/v1/analyses/", files=large).headers["Location"]
    wait_until(lambda: _states(api, address).count("running") == 1, seconds=60, what="it runs", every=0.02)
    return address


def _assert_answered_once(api: Api, address: str) -> None:
    answer = api.wait(address, seconds=ANSWERED_WITHIN_S)
    assert answer["state"] == "succeeded"
    assert [row["modality"] for row in answer["predictions"]] == ["2d", "cdfi"]
    for row in answer["predictions"]:
        for shown in filter(None, row["cams"].values()):
            assert api.get(shown).status == 200


def _states(api: Api, address: str) -> list[Any]:
    return [row["state"] for row in api.get(address).json()["predictions"]]


def large_png(seed: int) -> bytes:
    """8 million pixels: about two seconds of work, and quickly sent."""
    small = Image.open(io.BytesIO(png(seed, 64, 48)))
    buffer = io.BytesIO()
    small.resize((3264, 2448), Image.Resampling.NEAREST).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
