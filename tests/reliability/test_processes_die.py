"""Workers that are killed, that hang, that crash on an image; web killed in the worst moment."""

import io
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.integration.processes import wait_until
from tests.integration.test_upload_to_result import large_png
from tests.reliability.campaign import SMALL, Campaign, Outcome, assert_nothing_lost
from tests.reliability.conftest import MakeSite, Site
from tests.reliability.proxy import wire_to

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
Publish = Callable[[Outcome], None]
LARGE = {"image_2d": ("large.png", large_png(7))}  # a second or two of work
KILLS, ANALYSES = 20, 300
POISON_SIDE = 123  # pixels: what the crashing decoder knows its image by
CRASHING_DECODER = f"""
import os
from PIL import Image
_open = Image.open
def crash_on_poison(*arguments, **options):
    image = _open(*arguments, **options)
    if image.width == {POISON_SIDE}:
        os.abort()
    return image
Image.open = crash_on_poison
"""


def test_workers_killed(site: MakeSite, published: Publish) -> None:
    with site() as running:
        campaign = running.campaign
        for number in range(KILLS):
            campaign.send([*SMALL, LARGE, *SMALL[:2]])
            _kill(running, running.busy_process(), whole=number % 2 == 0)
        outcome = campaign.outcome("a worker killed (kill -9): its pool process, or all of it", KILLS, 300)
    published(outcome)
    assert outcome.accepted == ANALYSES
    assert_nothing_lost(outcome)
    assert set(outcome.failed) <= {"worker_lost"}


def _kill(running: Site, busy: int, *, whole: bool) -> None:
    if whole:
        running.stack.worker.kill()
    os.kill(busy, signal.SIGKILL)
    if whole:
        running.start_worker()


def test_a_worker_hangs(site: MakeSite, published: Publish) -> None:
    times = 3
    with site(HARD_TIME_LIMIT_S="10") as running:
        campaign = running.campaign
        for _ in range(times):
            campaign.send([LARGE, *SMALL])
            hangs = running.busy_process()
            os.kill(hangs, signal.SIGSTOP)
            wait_until(
                lambda hangs=hangs: hangs not in running.stack.worker.children(),
                seconds=60,
                what="the process that hangs is ended",
            )
        outcome = campaign.outcome("a worker's process hangs (SIGSTOP)", times)
    published(outcome)
    assert_nothing_lost(outcome)
    assert not outcome.failed


def test_a_decoder_crashes_the_process(site: MakeSite, published: Publish, tmp_path: Path) -> None:
    """Each poison image takes its process with it, twice; its neighbours are answered."""
    (tmp_path / "preload").mkdir()
    (tmp_path / "preload" / "sitecustomize.py").write_text(CRASHING_DECODER)
    poison, times = {"image_2d": ("poison.png", _png(POISON_SIDE))}, 3
    with site(worker={"PYTHONPATH": str(tmp_path / "preload"), "BATCH_SIZE": "8"}) as running:
        campaign = running.campaign
        bad = [campaign.send([*SMALL[:6], poison, *SMALL[6:]])[6] for _ in range(times)]
        outcome = campaign.outcome("a decoder that crashes the process at an image", times, 240)
        states = [campaign.api().get(f"/api/v1/analyses/{one}/").json()["state"] for one in bad]
    published(outcome)
    assert_nothing_lost(outcome)
    assert states == ["failed"] * times
    assert outcome.failed == {"worker_lost": times}


def _png(side: int) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((side, 96), 60).save(buffer, "PNG")
    return buffer.getvalue()


def test_web_killed_between_commit_and_message(site: MakeSite, published: Publish) -> None:
    """The row is there, the broker does not answer, and the web process dies while it waits for it."""
    times = 3
    with site() as running, wire_to(running.redis.port) as wire:
        wired = {"BROKER_URL": f"redis://127.0.0.1:{wire.port}/0", "CACHE_URL": "locmemcache://"}
        running.stack.web.stop()
        running.stack.web = running.stack.start_web(**wired)
        campaign = running.campaign
        for number in range(times):
            campaign.send(SMALL[:4])
            wire.stall()
            sender = threading.Thread(target=campaign.send_one, args=(SMALL[number],))
            sender.start()
            _wait_for_rows(campaign, 5 * (number + 1))
            _kill_web(running)
            wire.mend()
            running.stack.web = running.stack.start_web(**wired)
            sender.join(120)
        outcome = campaign.outcome("the web process killed between commit and message", times)
    published(outcome)
    assert_nothing_lost(outcome)
    assert not outcome.failed
    assert outcome.accepted == 5 * times


def _wait_for_rows(campaign: Campaign, count: int) -> None:
    counted = "SELECT count(*) FROM inference_analysis"
    wait_until(lambda: campaign.rows(counted)[0][0] >= count, seconds=20, what="it is committed", every=0.005)


def _kill_web(running: Site) -> None:
    children = running.stack.web.children()
    running.stack.web.kill()
    for child in children:
        os.kill(child, signal.SIGKILL)
    time.sleep(0.2)
