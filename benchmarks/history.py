"""How the history's pages and searches cost more as it grows: 100, 10 000, 100 000 analyses in one database.

`python benchmarks/history.py` writes benchmarks/results/history.json. The server's own code answers in this
process, over an SQLite file in a temporary folder, to a signed-in user who owns every row; the database grows
between the blocks. Timed: a request from its start to its JSON, permission checks and serialising included.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.machine import machine_facts
from benchmarks.harness.report import report_keep
from benchmarks.harness.timing import time_alternately

SIZES = (100, 10_000, 100_000)
API = "/api/v1/analyses/"
BOUND_MS = 200.0  # what one does not feel as waiting


def main() -> None:
    args = parse_arguments()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DATA_DIR=folder, DJANGO_SETTINGS_MODULE="backend.config.settings.base")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        report = measured(args)
    report_keep(report, args.out)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="analyses, rising")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/history.json")
    return parser.parse_args()


def measured(args: argparse.Namespace) -> dict[str, Any]:
    from tests.history_rows import grow_to, history_owner

    facts = machine_facts("django", "djangorestframework")
    owner, version = history_owner()
    questions = _questions(owner, version)
    blocks: dict[int, dict[str, Any]] = {}
    for size in args.sizes:
        grow_to(owner, version, size)
        spent = time_alternately({name: ask for name, (ask, _) in questions.items()}, args.rounds)
        blocks[size] = {
            name: {"median_ms": round(1000 * median(spent[name]), 1), "queries": queries()}
            for name, (_, queries) in questions.items()
        }
    small, large = blocks[args.sizes[0]], blocks[args.sizes[-1]]
    return {
        "subject": "requests for the history as it grows",
        "slowest_ms": {
            size: max(item["median_ms"] for item in block.values()) for size, block in blocks.items()
        },
        "growth": {name: round(large[name]["median_ms"] / small[name]["median_ms"], 2) for name in small},
        "same_queries": all(small[name]["queries"] == large[name]["queries"] for name in small),
        "bound_ms": BOUND_MS,
        "blocks": blocks,
        "machine": facts,
    }


def _questions(owner: Any, version: Any) -> dict[str, tuple[Callable[[], object], Callable[[], int]]]:
    """By name: ask it, and count its queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(owner)
    now = timezone.now()
    week = f"created_after={now - timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}"
    paths = {
        "newest page": API,
        "a word of the label": f"{API}?label=N-77",
        "the class it names": f"{API}?answer=lymphoma",
        "a state that is rare": f"{API}?state=failed",
        "the last seven days": f"{API}?{week}",
        "a version": f"{API}?version={version.pk}",
        "a label that is not there": f"{API}?label=nowhere",
    }

    def ask(path: str) -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code} {answer.content[:200]!r}")

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            ask(path)
        return len(seen)

    return {
        name: (lambda path=path: ask(path), lambda path=path: queries(path))  # type: ignore[misc]
        for name, path in paths.items()
    }


if __name__ == "__main__":
    main()
