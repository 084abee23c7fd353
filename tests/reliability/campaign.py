"""Analyses sent while something breaks, and what became of each of them."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from scripts.api_client import Answer, Api
from tests.integration.processes import wait_until
from tests.pictures import png

Files = Mapping[str, tuple[str, bytes]]
SMALL = [
    {"image_2d": ("a.png", png(seed)), "image_cdfi": ("b.png", png(seed + 100))}
    if seed % 3 == 0
    else {"image_2d": ("a.png", png(seed))}
    for seed in range(12)
]
PATIENCE_S = 240.0  # of a sender, for a server that does not take its images
TERMINAL = ("succeeded", "partial", "failed", "cancelled")
COUNTS = """
SELECT count(*) FILTER (WHERE state = 'queued' OR state = 'running'), sum(late_results), max(attempt)
FROM inference_prediction
"""


@dataclass
class Outcome:
    """What a campaign saw. `lost`: accepted and not there; `doubled`: answered or kept more than once."""

    fault: str
    times: int
    accepted: int = 0
    succeeded: int = 0
    partial: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    late_results: int = 0
    refused_at_first: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """For the table."""
        return asdict(self)


class Campaign:
    """One account that sends analyses to a server and keeps count of what it was promised."""

    def __init__(self, base: str, token: str, database_url: str, media: Path) -> None:
        self.base, self._token, self._database_url, self.media = base, token, database_url, media
        self.accepted: list[str] = []
        self.images: dict[str, int] = {}
        self.refused: Counter[str] = Counter()
        self.refusals: list[Answer] = []
        self._began = time.monotonic()

    def api(self) -> Api:
        """A client of this account, with a timeout as a program has it."""
        return Api(self.base, token=self._token, timeout=30)

    def send(self, files: Iterable[Files]) -> list[str]:
        """Send all, some at once, each until the server takes it; their ids."""
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(self.send_one, files))

    def send_one(self, files: Files) -> str:
        """The id of the one analysis, however often it had to be sent: with one key."""
        key, deadline = uuid.uuid4().hex, time.monotonic() + PATIENCE_S
        while True:
            status, made = self._try(files, key)
            if status == "202":
                self.accepted.append(made)
                self.images[made] = len(files)
                return made
            self.refused[status] += 1
            if time.monotonic() > deadline:
                raise TimeoutError(f"not accepted within {PATIENCE_S} s; the last answer was {status}")
            time.sleep(0.3)

    def _try(self, files: Files, key: str) -> tuple[str, str]:
        try:
            answer = self.api().post("/api/v1/analyses/", files=files, headers={"Idempotency-Key": key})
        except OSError:
            return "no connection", ""
        if answer.status != 202:
            self.refusals.append(answer)
        return str(answer.status), answer.json()["id"] if answer.status == 202 else ""

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Straight from the database; the connection is this call's own, because the server may be killed."""
        with psycopg.connect(self._database_url, autocommit=True) as connection:
            return connection.execute(statement, values or None).fetchall()  # type: ignore[arg-type]

    def open_work(self) -> int:
        """Predictions that are not at their end."""
        return int(self.rows(COUNTS)[0][0])

    def holders(self) -> set[int]:
        """The processes that hold something they run; a dead one is among them until a sweep finds it."""
        held = self.rows("SELECT held_by FROM inference_prediction WHERE state = 'running'")
        return {int(holder.split("|")[2]) for (holder,) in held if holder}

    def outcome(self, fault: str, times: int, seconds: float = 180) -> Outcome:
        """Wait for the ends, then count; what is not at its end by then is stuck."""
        _until(lambda: self.open_work() == 0, seconds)
        result = Outcome(fault, times, accepted=len(self.accepted))
        for made in self.accepted:
            self._judge(made, result)
        (open_, late, _) = self.rows(COUNTS)[0]
        result.stuck += int(open_)
        result.late_results = int(late or 0)
        result.doubled += len(self.accepted) - len(set(self.accepted)) + self._analyses() - len(self.accepted)
        result.refused_at_first = dict(self.refused)
        result.seconds = round(time.monotonic() - self._began, 1)
        return result

    def _analyses(self) -> int:
        return int(self.rows("SELECT count(*) FROM inference_analysis")[0][0])

    def _judge(self, made: str, result: Outcome) -> None:
        answer = self.api().get(f"/api/v1/analyses/{made}/")
        if answer.status != 200:
            result.lost += 1
            return
        analysis = answer.json()
        if analysis["state"] not in TERMINAL:
            return  # counted with its predictions
        predictions = analysis["predictions"]
        result.doubled += max(0, len(predictions) - self.images[made])
        result.lost += max(0, self.images[made] - len(predictions))
        for prediction in predictions:
            self._judge_prediction(prediction, result)
        if analysis["state"] in ("succeeded", "partial"):
            setattr(result, analysis["state"], getattr(result, analysis["state"]) + 1)

    def _judge_prediction(self, prediction: dict[str, Any], result: Outcome) -> None:
        if prediction["state"] != "succeeded":
            code = (prediction["failure"] or {}).get("code", "untyped")
            result.failed[code] = result.failed.get(code, 0) + 1
            return
        shown = [address for address in prediction["cams"].values() if address]
        answers = {self.api().get(address).status for address in (prediction["image"], *shown)}
        result.lost += answers != {200}
        kept = self.media / "maps" / prediction["id"]
        result.doubled += max(0, len(list(kept.iterdir())) - 1) if kept.exists() else 0


def assert_clear_refusals(campaign: Campaign, *codes: str) -> None:
    """Whatever was refused for the moment says why, and when to come again."""
    for answer in campaign.refusals:
        if answer.status == 409:  # the same key, while its first request is still at work
            continue
        said = (answer.status, answer.headers["Content-Type"], answer.json()["code"])
        assert said in [(503, "application/problem+json", code) for code in codes], said
        assert int(answer.headers["Retry-After"]) > 0


def assert_nothing_lost(outcome: Outcome) -> None:
    """Every accepted analysis ended, once, and each failure says why."""
    assert (outcome.lost, outcome.doubled, outcome.stuck) == (0, 0, 0), outcome
    assert "untyped" not in outcome.failed, outcome
    assert not {status for status in outcome.refused_at_first if status == "500"}, outcome


def _until(check: Callable[[], bool], seconds: float) -> None:
    """Wait for it, and no longer than so many seconds."""
    try:
        wait_until(check, seconds=seconds, what="everything has ended", every=0.2)
    except TimeoutError:
        return
