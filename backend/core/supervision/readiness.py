"""Says once that the page is ready, or what is still missing after a while."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable

ASK_EVERY_S = 0.5
EXPLAIN_AFTER_S = 20.0


class ReadinessReport:
    """Asks /readyz without hurry; silent after the good news."""

    def __init__(self, url: str, say: Callable[[str], None]) -> None:
        self.url = url
        self.say = say
        self._started_at = time.monotonic()
        self._ask_at = 0.0
        self._done = self._explained = False

    def __call__(self) -> None:
        if self._done or time.monotonic() < self._ask_at:
            return
        problem = self._problem()
        self._ask_at = time.monotonic() + ASK_EVERY_S
        waited = time.monotonic() - self._started_at
        if problem is None:
            self._done = True
            self.say(f"Ready after {waited:.0f} s: {self.url}  (Ctrl-C stops it)")
        elif waited > EXPLAIN_AFTER_S and not self._explained:
            self._explained = True
            self.say(f"Not ready yet: {problem}")

    def _problem(self) -> str | None:
        """None when ready, else what is missing."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=3):  # noqa: S310 (our own address)
                return None
        except urllib.error.HTTPError as error:
            with error:
                return _failed_checks(error.read())
        except OSError as error:
            return f"the web process does not answer ({error})"


def _failed_checks(body: bytes) -> str:
    try:
        checks = json.loads(body)["checks"]
        return "; ".join(check["detail"] for check in checks.values() if not check["ok"])
    except (ValueError, KeyError, TypeError):
        return "the web process answers with an error"
