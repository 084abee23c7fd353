"""What the requests of one analysis cost the web process: CPU milliseconds each, without a network.

`python benchmarks/web_requests.py` writes benchmarks/results/web_requests.json. The server answers in this
process, over an SQLite file with a history in a temporary folder, to a signed-in user. Timed: its CPU time,
from the request to its whole answer, permission checks, queries and serialising included.
"""

import argparse
import io
import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.machine import machine_facts
from benchmarks.harness.report import report_keep

HISTORY = 1000
API = "/api/v1/analyses/"
SIDE = 512


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/web_requests.json")
    args = parser.parse_args()
    with server():
        report = measured(args.rounds)
    report_keep(report, args.out)


@contextmanager
def server() -> Iterator[None]:
    """The server's code over an empty database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DATA_DIR=folder, MASK_TEXT="0", DJANGO_SETTINGS_MODULE="backend.config.settings.base"
        )
        import django
        from django.core.management import call_command

        django.setup()
        logging.disable(logging.INFO)
        call_command("migrate", verbosity=0)
        yield


def measured(rounds: int) -> dict[str, Any]:
    facts = machine_facts("django", "djangorestframework")
    contenders = requests_of_an_analysis()
    spent: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(rounds + 1):
        for name, ask in contenders.items():
            began = process_time()
            ask()
            if turn:
                spent[name].append(1000 * (process_time() - began))
    return {
        "subject": "CPU of the web process for the requests of an analysis",
        "cpu_ms": {name: round(median(values), 2) for name, values in spent.items()},
        "least_cpu_ms": {name: round(min(values), 2) for name, values in spent.items()},
        "queries": {name: queries_of(ask) for name, ask in contenders.items()},
        "rounds": rounds,
        "history": HISTORY,
        "machine": facts,
    }


def requests_of_an_analysis() -> dict[str, Callable[[], None]]:
    """By name; each fails loudly when the answer is not the expected one."""
    from django.test import Client

    from tests.history_rows import grow_to, history_owner

    owner, version = history_owner()
    grow_to(owner, version, HISTORY)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(owner)
    waiting, ended, overlay = rows_to_ask_for(client)
    picture = noise()

    def see(path: str) -> None:
        answer = client.get(path)
        expect(answer.status_code == 200 and b"".join(answer), path)

    def post() -> None:
        expect(client.post(API, {"image_2d": named(picture)}).status_code == 202, "POST")

    return {
        "poll while it waits": lambda: see(waiting),
        "poll once it is answered": lambda: see(ended),
        "newest page of the list": lambda: see(API),
        "map over the image": lambda: see(overlay),
        "upload of one image": post,
    }


def rows_to_ask_for(client: Any) -> tuple[str, str, str]:
    """Addresses of a waiting analysis, of an answered one, and of the answered one's map over its image."""
    import numpy as np

    from backend.inference.map_files import map_store
    from backend.inference.models import Analysis, Prediction

    waiting = client.post(API, {"image_2d": named(noise())}).json()["id"]
    sent = client.post(API, {"image_2d": named(noise())}).json()["id"]
    pattern = Prediction.objects.filter(state="succeeded").first()
    expect(pattern is not None, "a history")
    row = Prediction.objects.get(analysis=sent)
    key = map_store(row.pk, 1, "benign", np.full((SIDE, SIDE), 99, np.uint8))
    maps = {"benign": key, "lymphoma": None, "metastatic": None}
    ended = {"state": "succeeded", "finished_at": pattern.finished_at}  # type: ignore[union-attr]
    probabilities = pattern.probabilities  # type: ignore[union-attr]
    Prediction.objects.filter(pk=row.pk).update(**ended, probabilities=probabilities, maps=maps)
    Analysis.objects.filter(pk=sent).update(**ended, answered_class="benign")
    cam = f"/api/v1/predictions/{row.pk}/cam/benign.png?style=overlay"
    return f"{API}{waiting}/", f"{API}{sent}/", cam


def noise() -> bytes:
    """A PNG of grey noise."""
    import numpy as np
    from PIL import Image

    buffer = io.BytesIO()
    values = np.random.default_rng(0).integers(0, 255, (SIDE, SIDE), np.uint8)
    Image.fromarray(values).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def named(content: bytes) -> io.BytesIO:
    """A file as a form sends it."""
    file = io.BytesIO(content)
    file.name = "image.png"
    return file


def queries_of(ask: Callable[[], None]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        ask()
    return len(seen)


def expect(held: object, what: str) -> None:
    """Stop where the server does not answer as it should: its cost would mean nothing."""
    if not held:
        raise SystemExit(f"{what}: not answered as expected")


if __name__ == "__main__":
    main()
