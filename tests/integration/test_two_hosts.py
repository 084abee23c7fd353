"""Two hosts share the work through addresses alone; one of them loses power, and nothing is lost.

Each host is a Celery worker with process numbers and a DATA_DIR of its own, so that neither can look after
the other: what a lost host held comes back when its leases run out. Files lie in an S3-compatible store."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.object_store import bucket
from tests.integration.processes import Running, wait_until
from tests.integration.services import postgres, redis
from tests.integration.stack import CELERY, REPOSITORY, WORKER, Stack, installed, production_settings
from tests.integration.test_upload_to_result import large_png
from tests.pictures import png
from tests.reliability.campaign import Campaign, assert_nothing_lost

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
OWN_PROCESS_NUMBERS = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
LARGE = {"image_2d": ("large.png", large_png(7))}  # a second or two of work
CASES = [{"image_2d": ("a.png", png(seed))} for seed in range(12)]
MOST_WAVES = 20
ANSWERED = "SELECT held_by FROM inference_prediction WHERE state = 'succeeded'"
HELD = """
SELECT prediction.id, held_by FROM inference_prediction AS prediction
JOIN studies_ultrasoundimage AS image ON image.id = image_id WHERE state = 'running' AND width > 3000
"""


@dataclass
class Host:
    """A worker that shares nothing with the others but addresses."""

    name: str
    folder: Path
    worker: Running

    @property
    def space(self) -> str:
        """The name of its space of process numbers, which is part of what a prediction says of its holder."""
        first = f"/proc/{self.worker.children()[0]}/ns/pid"
        return str(Path(first).readlink())

    def copies(self) -> list[Path]:
        """What it fetched from the store for itself."""
        return [path for path in (self.folder / "copies").rglob("*") if path.is_file()]


def test_two_hosts_share_the_work_and_one_is_lost(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    with on_a_store(checkpoints["2d"], tmp_path) as (stack, database):
        hosts = [host_started(stack, name) for name in ("one", "other")]
        campaign = web_started(stack, database)
        wait_until(lambda: all(host.copies() for host in hosts), seconds=60, what="both have the versions")
        lost, kept = (host.space for host in hosts)
        work_until_both_answered(campaign, {lost, kept})
        held = lost_while_it_works(campaign, hosts[0], lost)
        campaign.send(CASES)
        outcome = campaign.outcome("", 1, seconds=120)
        assert_nothing_lost(outcome)
        assert (outcome.succeeded, outcome.failed) == (outcome.accepted, {}), outcome
        assert answered_by(campaign, held) == {kept}, "the other host has taken over what the lost one held"
        folders = [stack.folder, *(host.folder for host in hosts)]
        assert not [path for folder in folders for path in (folder / "media").rglob("*.png")]
        hosts[1].worker.kill_all()  # `unshare` passes no SIGTERM on


@contextmanager
def on_a_store(checkpoint: Path, folder: Path) -> Iterator[tuple[Stack, str]]:
    """An installation whose files lie in an object store, and its database; nothing runs yet."""
    with postgres() as database, redis() as broker, bucket(folder) as store:
        chosen = {**production_settings(database, broker), **store.settings}
        with installed(folder, chosen, {"2d": checkpoint}) as stack:
            try:
                yield stack, database
            except BaseException:
                print(stack.logs())  # noqa: T201
                raise


def web_started(stack: Stack, database: str) -> Campaign:
    """The web process and the clock, and an account that sends to it."""
    stack.start_clock()
    token = stack.token("clinician", "analyses:read", "analyses:write")
    stack.start_web()
    return Campaign(stack.base, token, database, stack.folder / "media")


def host_started(stack: Stack, name: str) -> Host:
    """A worker with process numbers and a folder of its own; skips the test where that is not allowed."""
    folder = stack.folder / name
    folder.mkdir()
    if subprocess.run([*OWN_PROCESS_NUMBERS, "true"], check=False, capture_output=True).returncode != 0:
        pytest.skip("processes with numbers of their own can't be started here (only root can)")
    command = [*OWN_PROCESS_NUMBERS, sys.executable, *CELERY, *WORKER, f"--hostname=worker@{name}"]
    env = {**stack.env, "DATA_DIR": str(folder)}
    worker = Running(name, command, log=stack.folder / f"{name}.log", env=env, cwd=REPOSITORY)
    stack.stopped_at_the_end(worker)
    return Host(name, folder, worker)


def work_until_both_answered(campaign: Campaign, spaces: set[str]) -> None:
    for _ in range(MOST_WAVES):
        campaign.send(CASES)
        if spaces <= {space_of(holder) for (holder,) in campaign.rows(ANSWERED)}:
            return
    raise AssertionError("one host has answered everything alone")


def lost_while_it_works(campaign: Campaign, host: Host, space: str) -> list[uuid.UUID]:
    """Kill a host that works on a large image; what it has left behind."""

    def held() -> list[uuid.UUID]:
        return [row for row, holder in campaign.rows(HELD) if space_of(holder) == space]

    campaign.send([LARGE] * 4)
    wait_until(lambda: bool(held()), seconds=60, what="the host works", every=0.01)
    host.worker.kill_all()
    left = held()
    assert left, "it had finished already"
    return left


def answered_by(campaign: Campaign, predictions: list[uuid.UUID]) -> set[str]:
    rows = campaign.rows("SELECT held_by FROM inference_prediction WHERE id = ANY(%s)", predictions)
    return {space_of(holder) for (holder,) in rows}


def space_of(holder: str) -> str:
    """`boot|space of process numbers|process|start` names a holder."""
    return holder.split("|")[1] if holder else ""
