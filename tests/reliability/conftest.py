"""A whole production installation for each fault, and the table that the outcomes go to."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.conftest import checkpoints  # noqa: F401 (a fixture)
from tests.integration.processes import wait_until
from tests.integration.services import Postgres, Redis, postgres_server, redis_server
from tests.integration.stack import Stack, installed, production_settings
from tests.reliability.campaign import Campaign, Outcome
from tests.reliability.report import keep


@dataclass
class Site:
    """The processes of one installation, and an account that sends to it."""

    stack: Stack
    postgres: Postgres
    redis: Redis
    campaign: Campaign

    def start_worker(self, **settings: str) -> None:
        """In place of the one that is gone."""
        self.stack.worker = self.stack.start_worker(**settings)

    def wait_for_worker(self) -> None:
        """Until a pool process is there."""
        wait_until(lambda: bool(self.stack.worker.children()), seconds=120, what="a pool process")

    def busy_process(self) -> int:
        """Wait until a pool process of the worker has an image in its hands; its id."""
        busy: set[int] = set()

        def is_busy() -> bool:
            busy.update(self.campaign.holders().intersection(self.stack.worker.children()))
            return bool(busy)

        wait_until(is_busy, seconds=120, what="a worker works", every=0.01)
        return busy.pop()


MakeSite = Callable[..., AbstractContextManager[Site]]


@pytest.fixture
def site(tmp_path: Path, checkpoints: dict[str, Path]) -> MakeSite:  # noqa: F811
    """`with site() as running:` a server, everything started; settings of single processes by keyword."""

    @contextmanager
    def make(
        folder: Path = tmp_path,
        web: Mapping[str, str] | None = None,
        worker: Mapping[str, str] | None = None,
        clock: Mapping[str, str] | None = None,
        **settings: str,
    ) -> Iterator[Site]:
        offered = {modality: checkpoints[modality] for modality in ("2d", "cdfi")}
        with postgres_server() as database, redis_server() as broker:
            chosen = {**production_settings(database.url, broker.url), **settings}
            with installed(folder, chosen, offered) as stack:
                token = stack.token("clinician", "analyses:read", "analyses:write")
                campaign = Campaign(stack.base, token, database.url, folder / "media")
                stack.web = stack.start_web(**(web or {}))
                stack.worker = stack.start_worker(**(worker or {}))
                stack.start_clock(**(clock or {}))
                running = Site(stack, database, broker, campaign)
                running.wait_for_worker()
                try:
                    yield running
                except BaseException:
                    print(stack.logs())  # noqa: T201
                    raise

    return make


@pytest.fixture
def published() -> Callable[[Outcome], None]:
    """Keeps an outcome for docs/reliability.md."""
    return keep
