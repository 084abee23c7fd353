"""One user: submit, follow the answer as the page does, look at it, list, think, until the time is over."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.api_client import TERMINAL, Answer
from tests.load.browser import Browser, Files

# As frontend/src/features/analyses/polling.ts has them.
EAGER_S, EAGER_EVERY_S, CALM_EVERY_S = 3.0, 0.15, 1.0
PER_PLACE_S, LONGEST_S = 0.05, 5.0
BUSY = (429, 503)
OVERLAYS = 0.2  # of the answers
DRAIN_S = 300.0  # for what is still open when the time is over


@dataclass
class Seen:
    """What one user saw."""

    accepted: int = 0
    states: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    answer_s: list[float] = field(default_factory=list)
    open: int = 0


class User(threading.Thread):
    """A browser with somebody before it."""

    def __init__(
        self, browser: Browser, cases: Sequence[Files], *, seed: int, until: float, think_s: float
    ) -> None:
        super().__init__(name=f"user {seed}", daemon=True)
        self.browser, self.seen = browser, Seen()
        self._cases, self._until, self._think_s = cases, until, think_s
        self._random = random.Random(seed)

    def run(self) -> None:
        """Until the time is over and the last answer is there."""
        while (left := self._until - time.monotonic()) > 0:
            answer = self.browser.send_case(self._random.choice(self._cases))
            if answer.status == 202:
                self.seen.accepted += 1
                self._follow(answer)
                self._pause(self._think_s * self._random.uniform(0.5, 1.5))
            else:
                self._pause(min(left, self._refusal(answer)))

    def _pause(self, seconds: float) -> None:
        time.sleep(max(0.0, min(seconds, self._until - time.monotonic())))

    def _refusal(self, answer: Answer) -> float:
        """Seconds to wait. Only 429 and 503 are no error, and only when they say when to come again."""
        if answer.status not in BUSY or not answer.headers.get("Retry-After", "").isdigit():
            self._error("submit", answer)
            return 1.0
        self.seen.refused[f"{answer.status} {answer.json()['code']}"] += 1
        return float(answer.headers["Retry-After"])

    def _error(self, what: str, answer: Answer) -> None:
        self.seen.errors.append(f"{what}: {answer.status} {answer.body[:200]!r}")

    def _follow(self, accepted: Answer) -> None:
        analysis = accepted.json()
        began, path = time.monotonic(), f"/api/v1/analyses/{analysis['id']}/"
        while True:
            usual = EAGER_EVERY_S if time.monotonic() - began < EAGER_S else CALM_EVERY_S
            time.sleep(max(usual, min(LONGEST_S, PER_PLACE_S * (analysis["queue_position"] or 0))))
            answer = self._read("analysis", path)
            analysis = analysis if answer is None else json.loads(answer.body)
            if analysis["state"] in TERMINAL:
                self.seen.answer_s.append(time.monotonic() - began)
                self._end(analysis)
                return
            if time.monotonic() > max(self._until, began) + DRAIN_S:
                self.seen.open += 1
                return

    def _end(self, analysis: dict[str, Any]) -> None:
        self.seen.states[analysis["state"]] += 1
        for prediction in analysis["predictions"]:
            if prediction["failure"]:
                self.seen.failures[prediction["failure"]["code"]] += 1
            else:
                self._look(prediction)
        self._read("list", "/api/v1/analyses/")

    def _look(self, prediction: dict[str, Any]) -> None:
        """At the image and the map of the likeliest class that has one, which the page draws over it; some
        also at both as one picture, as the comparison of two visits shows them."""
        self._read("image", prediction["image"])
        odds = prediction["probabilities"]
        shown = [name for name in sorted(odds, key=odds.get, reverse=True) if prediction["cams"][name]]
        if shown:
            self._read("map", prediction["cams"][shown[0]])
            if self._random.random() < OVERLAYS:
                self._read("overlay", f"{prediction['cams'][shown[0]]}?style=overlay")

    def _read(self, what: str, path: str) -> Answer | None:
        answer = self.browser.get(what, path)
        if answer.status == 200:
            return answer
        if answer.status in BUSY and answer.headers.get("Retry-After"):
            self.seen.refused[f"{answer.status} on a read"] += 1
        else:
            self._error(what, answer)
        return None
