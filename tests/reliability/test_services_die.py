"""Redis comes back empty, PostgreSQL is restarted, the wire between web and broker is cut."""

import threading
import time
from collections.abc import Callable

import pytest

from tests.reliability.campaign import SMALL, Outcome, assert_nothing_lost
from tests.reliability.conftest import MakeSite, Site
from tests.reliability.proxy import wire_to

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
Publish = Callable[[Outcome], None]
DOWN_S = 3.0


def test_redis_killed_and_restarted_empty(site: MakeSite, published: Publish) -> None:
    times = 5
    with site() as running:
        for _ in range(times):
            _send_during(running, running.redis.kill, running.redis.start)
        outcome = running.campaign.outcome("Redis killed, and started again empty", times, 240)
    published(outcome)
    assert outcome.accepted == times * 2 * len(SMALL)
    assert_nothing_lost(outcome)
    assert not outcome.failed


def test_postgres_restarted(site: MakeSite, published: Publish) -> None:
    times = 3
    with site() as running:
        for _ in range(times):
            _send_during(running, running.postgres.kill, running.postgres.start)
        outcome = running.campaign.outcome("PostgreSQL stopped at once, and started again", times, 240)
    published(outcome)
    assert outcome.accepted == times * 2 * len(SMALL)
    assert_nothing_lost(outcome)
    assert set(outcome.failed) <= {"worker_lost", "internal_error"}


def _send_during(running: Site, break_it: Callable[[], None], mend_it: Callable[[], None]) -> None:
    """Two dozen analyses; it breaks while the first dozen is worked on, the second is sent meanwhile."""
    campaign = running.campaign
    campaign.send(SMALL)
    running.busy_process()
    break_it()
    sender = threading.Thread(target=campaign.send, args=(SMALL,))
    sender.start()
    time.sleep(DOWN_S)
    mend_it()
    sender.join(300)


@pytest.mark.parametrize("how", ["cut", "stall"])
def test_network_between_web_and_broker(site: MakeSite, published: Publish, how: str) -> None:
    """Uploads are accepted all the same, and answered: the sweep finds them."""
    times = 3
    with site() as running, wire_to(running.redis.port) as wire:
        running.stack.web.stop()
        running.stack.web = running.stack.start_web(
            BROKER_URL=f"redis://127.0.0.1:{wire.port}/0", CACHE_URL="locmemcache://"
        )
        campaign = running.campaign
        for _ in range(times):
            campaign.send(SMALL[:3])
            getattr(wire, how)()
            campaign.send(SMALL[:3])
            wire.mend()
        words = {"cut": "cut", "stall": "swallowing everything"}[how]
        outcome = campaign.outcome(f"the network between web and broker {words}", times)
    published(outcome)
    assert_nothing_lost(outcome)
    assert not outcome.failed
    assert not outcome.refused_at_first
