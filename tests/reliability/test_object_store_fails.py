"""The object store answers with errors, breaks off in the middle, hangs, is not there."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.api_client import Answer
from tests.integration.object_store import Bucket, bucket
from tests.integration.test_upload_to_result import large_png
from tests.reliability.campaign import SMALL, Campaign, Outcome, assert_clear_refusals, assert_nothing_lost
from tests.reliability.conftest import MakeSite
from tests.reliability.proxy import Wire, wire_to

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
Publish = Callable[[Outcome], None]
LARGE = {"image_2d": ("large.png", large_png(7))}  # a second or two of work
FAULTS = ("500", "503", "half", "hangs", "away")
ROUNDS = 2
DOWN_S = 6.0


class Store:
    """An S3-compatible server behind a wire, which fails in every way there is."""

    def __init__(self, made: Bucket, wire: Wire, fault: Path) -> None:
        self.made, self._wire, self._fault = made, wire, fault
        self.settings = {**made.settings, "S3_ENDPOINT_URL": f"http://127.0.0.1:{wire.port}"}

    @contextmanager
    def failing(self, how: str) -> Iterator[None]:
        """For as long as the block runs."""
        if how == "away":
            self._wire.cut()
        elif how == "hangs":
            os.killpg(self.made.server.pid, signal.SIGSTOP)
        else:
            self._fault.write_text(how)
        yield
        os.killpg(self.made.server.pid, signal.SIGCONT)
        self._fault.write_text("")
        self._wire.mend()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    fault = tmp_path / "fault"
    with bucket(tmp_path, fault) as made, wire_to(made.port) as wire:
        yield Store(made, wire, fault)


def test_the_object_store_fails(site: MakeSite, published: Publish, store: Store, tmp_path: Path) -> None:
    """Uploads are refused for the moment, answers fail typed or succeed; nothing of it is half there."""
    with site(tmp_path, **store.settings) as running:
        campaign = running.campaign
        done = campaign.send(SMALL)[0]
        image = campaign.api().wait(f"/api/v1/analyses/{done}/")["predictions"][0]["image"]
        for how in FAULTS * ROUNDS:
            campaign.send([LARGE, *SMALL[:6]])
            running.busy_process()
            with store.failing(how):
                sender = threading.Thread(target=campaign.send, args=(SMALL,))
                sender.start()
                time.sleep(DOWN_S)
                if how != "hangs":  # a reader waits as long as the store does
                    assert_away_or_whole(campaign.api().get(image))
            sender.join(300)
        times = len(FAULTS) * ROUNDS
        outcome = campaign.outcome("errors, half answers and silence of an S3-compatible store", times, 300)
        assert_rows_and_objects_agree(campaign, store.made)
    published(outcome)
    assert_nothing_lost(outcome)
    assert_clear_refusals(campaign, "storage_error")
    assert campaign.refused["503"], "no upload met the fault: the campaign proves nothing"
    assert set(outcome.failed) <= {"storage_error"}  # none where the second attempt came after the fault


def assert_away_or_whole(answer: Answer) -> None:
    """A picture that can't be read now: a refusal for the moment, never half of it."""
    assert answer.status in (200, 503), answer
    if answer.status == 503:
        assert answer.json()["code"] == "storage_error"
        assert int(answer.headers["Retry-After"]) > 0
    else:
        assert len(answer.body) == int(answer.headers["Content-Length"])


def assert_rows_and_objects_agree(campaign: Campaign, store: Bucket) -> None:
    """No row for what was refused, no row without its object; no map of an answer that failed."""
    images = campaign.rows("SELECT file FROM studies_ultrasoundimage")
    assert len(images) == sum(campaign.images.values())
    keys = store.keys()
    assert {name for (name,) in images} <= keys
    left = {key for key in keys if key.startswith("images/")} - {name for (name,) in images}
    maps = {key.split("/")[1] for key in keys if key.startswith("maps/")}
    failed = {
        str(row) for (row,) in campaign.rows("SELECT id FROM inference_prediction WHERE state = 'failed'")
    }
    print(f"objects that no row names: {len(left)} images, {len(maps & failed)} maps")  # noqa: T201
