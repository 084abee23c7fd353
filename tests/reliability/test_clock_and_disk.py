"""The clock jumps by an hour, the disk is full."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.reliability.campaign import SMALL, Campaign, Outcome, assert_nothing_lost
from tests.reliability.conftest import MakeSite

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
Publish = Callable[[Outcome], None]
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")
DISK_MB, LEFT_KB = 160, 24


@pytest.mark.skipif(not FAKETIME.exists(), reason="libfaketime is not installed (Debian: faketime)")
def test_clock_jumps(site: MakeSite, published: Publish, tmp_path: Path) -> None:
    """An hour ahead and back again, for the database, the worker and beat: leases and limits are theirs."""
    clock, jumps = tmp_path / "clock", ("+1h", "+0", "-1h", "+0")
    clock.write_text("+0")
    faked = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    clock.chmod(0o644)
    tmp_path.chmod(0o755)
    with site(worker=faked, clock=faked) as running:
        running.postgres.kill()
        running.postgres.start({**os.environ, **faked})
        campaign = running.campaign
        for jump in jumps:
            campaign.send(SMALL)
            running.busy_process()
            clock.write_text(jump)
            campaign.send(SMALL)
        outcome = campaign.outcome(
            "the clock of the database, the worker and beat jumps by an hour", len(jumps), 240
        )
    published(outcome)
    assert_nothing_lost(outcome)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, with room for the checkpoints and little more."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_disk_full(site: MakeSite, published: Publish, small_disk: Path) -> None:
    """Full under the worker: typed failures. Full under an upload: refused, and nothing of it is kept."""
    with site(small_disk) as running:
        campaign, filler = running.campaign, small_disk / "filler"
        campaign.send(SMALL)
        campaign.outcome("", 0)
        running.stack.worker.stop()
        campaign.send(SMALL)
        _fill(filler, leave=0)
        running.start_worker()
        running.wait_for_worker()
        failed = campaign.outcome("", 0).failed
        before = campaign.rows("SELECT count(*) FROM studies_ultrasoundimage")[0][0]
        refused = campaign.api().post("/api/v1/analyses/", files=SMALL[1])
        assert (refused.status, refused.json()["code"]) == (503, "storage_error"), refused.body
        assert refused.headers["Retry-After"]
        assert campaign.rows("SELECT count(*) FROM studies_ultrasoundimage")[0][0] == before
        filler.unlink()
        assert_no_half_files(campaign)
        campaign.send(SMALL)
        outcome = campaign.outcome("the disk full, under the worker and under an upload", 2)
    published(outcome)
    assert_nothing_lost(outcome)
    assert set(outcome.failed) == {"storage_error"}
    assert failed == outcome.failed, "something failed after there was room again"


def assert_no_half_files(campaign: Campaign) -> None:
    """What lies in the storage is what the rows name; an answer that failed has left no maps."""
    named = {name for (name,) in campaign.rows("SELECT file FROM studies_ultrasoundimage")}
    assert {f"images/{path.name}" for path in (campaign.media / "images").iterdir()} == named
    failed = campaign.rows("SELECT id FROM inference_prediction WHERE state = 'failed'")
    for (prediction,) in failed:
        folder = campaign.media / "maps" / str(prediction)
        assert not [path for path in folder.rglob("*") if path.is_file()], folder


def _fill(path: Path, leave: int) -> None:
    room = shutil.disk_usage(path.parent).free - leave
    path.write_bytes(b"\0" * max(0, room))
