"""How cost grows: images at once 1 to 1000, the queue 1 to 5000, worker processes 1 to 2.

`python benchmarks/growth.py` writes benchmarks/results/growth.json (the history's growth: history.py):

- images: so many sent one after the other to a real server with a small network (resnet18 at 64 px), until
  the last has its answer; seconds an image;
- workers: the same with one worker process and with two, a core each;
- queue: what a claim, an upload, a poll and a sweep cost beside so many waiting images, in milliseconds of
  this process's CPU, over SQLite.
"""

import argparse
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.machine import machine_facts
from benchmarks.harness.models import random_checkpoint
from benchmarks.harness.pictures import pictures
from benchmarks.harness.report import report_keep
from benchmarks.harness.server import Server, answer_of
from scripts.api_client import Api

POLL_S = 0.05
MOST_S = 1800
SIDE = 64
WAITS: dict[str, Any] = {
    "state": "queued", "finished_at": None, "probabilities": None, "maps": None, "failure_code": "",
}  # fmt: skip


def main() -> None:
    args = parse_arguments()
    facts = machine_facts("django", "celery", "openvino")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        checkpoint = random_checkpoint(folder / "model.safetensors", "resnet18", SIDE)
        by_workers = {
            workers: images_answered(folder / f"{workers}", checkpoint, workers, args.images)
            for workers in (1, 2)
        }
        queue = queue_costs(folder / "queue", args)
    report = {
        "subject": f"how cost grows, resnet18 at {SIDE} px",
        "images": {count: round(seconds / count, 4) for count, seconds in by_workers[1].items()},
        "images_two_workers": {count: round(seconds / count, 4) for count, seconds in by_workers[2].items()},
        "two_workers_over_one": round(by_workers[1][args.images[-1]] / by_workers[2][args.images[-1]], 3),
        "queue_cpu_ms": queue,
        "machine": facts,
    }
    report_keep(report, args.out)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="See how cost grows.", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--images", type=int, nargs="+", default=[1, 10, 100, 1000], help="at once, rising")
    parser.add_argument("--queue", type=int, nargs="+", default=[1, 100, 1000, 5000], help="waiting, rising")
    parser.add_argument("--rounds", type=int, default=15, help="of each request beside a queue")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/growth.json", help="report")
    return parser.parse_args()


def images_answered(folder: Path, checkpoint: Path, workers: int, counts: list[int]) -> dict[int, float]:
    """Seconds until the last of so many images has its answer."""
    images = {"image_2d": pictures(SIDE)["image_2d"]}
    server = Server(
        folder,
        ENGINE="openvino",
        INFERENCE_MODE="exact",
        WORKER_PROCESSES=str(workers),
        OMP_NUM_THREADS="1",
        MAX_QUEUED_IMAGES=str(2 * max(counts)),
    )
    server.manage("model_import", str(checkpoint), "--activate")
    with server:
        api = server.api()
        while answer_of(api, images, every=POLL_S)["predictions"][0]["engine"]["name"] != "openvino":
            time.sleep(0.5)
        return {count: _seconds_for(api, images, count) for count in counts}


def _seconds_for(api: Api, images: dict[str, tuple[str, bytes]], count: int) -> float:
    start = time.perf_counter()
    sent = [api.post("/api/v1/analyses/", files=images).headers["Location"] for _ in range(count)]
    for path in reversed(sent):  # the newest is answered last, nearly always
        if api.wait(path, seconds=MOST_S, every=POLL_S)["state"] != "succeeded":
            raise RuntimeError(f"no answer: {path}")
    return time.perf_counter() - start


def queue_costs(folder: Path, args: argparse.Namespace) -> dict[int, dict[str, float]]:
    """Median CPU milliseconds by the number of images that wait."""
    os.environ.update(
        DATA_DIR=str(folder),
        MASK_TEXT="0",
        MAX_QUEUED_IMAGES=str(2 * args.queue[-1]),
        DJANGO_SETTINGS_MODULE="backend.config.settings.base",
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from backend.inference.models import Analysis, Prediction
    from tests.history_rows import grow_to, history_owner

    owner, version = history_owner()
    found = {}
    for size in args.queue:
        grow_to(owner, version, size)
        Prediction.objects.update(**WAITS)
        Analysis.objects.update(state="queued", finished_at=None, answered_class="")
        asked = requests_beside(owner)
        found[size] = {name: _cpu_ms(ask, args.rounds) for name, ask in asked.items()}
    return found


def requests_beside(owner: Any) -> dict[str, Callable[[], object]]:
    """By name. A claim is taken back; an upload is deleted."""
    from django.db import transaction
    from django.test import Client

    from backend.inference.claims import claim
    from backend.inference.models import Analysis, Prediction
    from backend.inference.recovery import sweep

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(owner)
    last = Analysis.objects.latest("created_at")
    hint = Prediction.objects.order_by("created_at").first()
    content = pictures(SIDE)["image_2d"][1]

    def claimed() -> None:
        with transaction.atomic():
            if not claim(hint.pk, batch=1, most=8):  # type: ignore[union-attr]
                raise SystemExit("nothing was claimed")
            transaction.set_rollback(True)

    def upload() -> None:
        file = io.BytesIO(content)
        file.name = "image.png"
        answer = client.post("/api/v1/analyses/", {"image_2d": file})
        if answer.status_code != 202:
            raise SystemExit(f"upload: {answer.status_code} {answer.content[:200]!r}")
        Analysis.objects.filter(pk=answer.json()["id"]).delete()

    def poll() -> None:
        if client.get(f"/api/v1/analyses/{last.pk}/").json()["state"] != "queued":
            raise SystemExit("it does not wait")

    return {"claim": claimed, "upload": upload, "poll": poll, "sweep": sweep}


def _cpu_ms(ask: Callable[[], object], rounds: int) -> float:
    ask()
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        ask()
        spent.append(time.process_time() - began)
    return round(1000 * median(spent), 1)


if __name__ == "__main__":
    main()
