"""What the server adds to the engine: latency when idle, throughput with a long queue, reads meanwhile.

`python benchmarks/service.py` writes benchmarks/results/service.json, for both ways to run (embedded: SQLite
and the file broker; production: PostgreSQL and Redis), as real processes with one worker:

- overhead: `finished_at - created_at` less what decoding, features and maps took, one image at a time;
- queue: many images of the real size accepted while the worker is held, then answered in rounds; before and
  after each round the worker is held again and the engine alone answers the same image in one process, so
  that both see the same machine: the median of the rounds' ratios counts;
- reads: meanwhile one page is open on an analysis that waits, which asks every second (as
  frontend/src/features/analyses/polling.ts does after its first three), and another on the list.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.machine import machine_facts
from benchmarks.harness.models import random_checkpoint
from benchmarks.harness.pictures import pictures
from benchmarks.harness.report import report_keep
from benchmarks.harness.server import Server, answer_of
from scripts.api_client import Api
from tests.integration.services import postgres, redis

WAYS = ("embedded", "production")
POLL_S, CALM_POLL_S = 0.15, 1.0  # as often as the page asks at first, and after three seconds
GOALS = {"overhead_median_ms": 60, "overhead_p95_ms": 150, "delivered_of_engine": 0.9, "reads_p95_ms": 50}
ALONE_S = 5.0  # of the engine alone between two rounds: shorter than the leases of the worker that is held
SETTLING = 3  # answers of each round that do not count: their work began before the worker was held
ENGINE_ALONE = """
import sys
from time import perf_counter, sleep
from PIL import Image
from backend.inference import engine
from backend.registry.selectors import active_version
version, image = active_version("2d"), Image.open("{image}").convert("RGB")
while engine.answers(version, [image])[0].engine.as_json()["name"] != "openvino":
    sleep(0.5)
for asked in sys.stdin:
    start, count = perf_counter(), 0
    while (spent := perf_counter() - start) < float(asked):
        engine.answers(version, [image])
        count += 1
    print(count / spent, flush=True)
"""


def main() -> None:
    args = parse_arguments()
    facts = machine_facts("django", "celery", "openvino", "gunicorn")
    with tempfile.TemporaryDirectory() as scratch:
        checkpoint = random_checkpoint(Path(scratch) / "model.safetensors", args.architecture, args.size)
        ways = {way: measure(way, Path(scratch) / way, checkpoint, args) for way in args.ways}
    report = {
        "subject": f"the server around the engine: {args.architecture} at {args.size} px, exact mode",
        "ways": ways,
        "goals": GOALS,
        "machine": facts,
    }
    report_keep(report, args.out)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Time the server around the engine.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS), help="ways to run")
    parser.add_argument("--architecture", default="resnet152", help="of the network")
    parser.add_argument("--size", type=int, default=384, help="its input side in pixels")
    parser.add_argument("--idle", type=int, default=60, help="images one at a time")
    parser.add_argument("--queued", type=int, default=300, help="images in the queue")
    parser.add_argument("--rounds", type=int, default=10, help="in which the queue is answered")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/service.json", help="report")
    return parser.parse_args()


def measure(way: str, folder: Path, checkpoint: Path, args: argparse.Namespace) -> dict[str, Any]:
    """All figures of one way to run."""
    images = {"image_2d": pictures(args.size)["image_2d"]}
    sample = folder.parent / f"{way}.png"
    sample.write_bytes(images["image_2d"][1])
    with settings(way) as chosen:
        server = Server(folder, ENGINE="openvino", INFERENCE_MODE="exact", **chosen)
        server.manage("model_import", str(checkpoint), "--activate")
        with server:
            api = server.api()
            wait_for_openvino(api, images)
            added = idle(api, images, args.idle)
            with engine_alone(server, sample) as alone:
                return {**added, **queue(server, api, images, args, alone)}


@contextmanager
def settings(way: str) -> Iterator[dict[str, str]]:
    """The environment of a way to run; its services run meanwhile."""
    if way == "embedded":
        yield {}
        return
    with ExitStack() as services:
        yield {
            "MODE": "production",
            "SECRET_KEY": "of a benchmark alone, on this machine alone, for some minutes",
            "DATABASE_URL": services.enter_context(postgres()),
            "BROKER_URL": services.enter_context(redis()),
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "false",
            "REQUIRE_SECOND_FACTOR": "false",
        }


@contextmanager
def engine_alone(server: Server, image: Path) -> Iterator[Callable[[float], float]]:
    """Images a second of the engine in one process of its own, with its converted model, during so many
    seconds; it idles until it is asked."""
    with server.managing("shell", "--verbosity", "0", "-c", ENGINE_ALONE.format(image=image)) as process:
        asks, answers = process.stdin, process.stdout
        if asks is None or answers is None:
            raise RuntimeError("the engine's process has no pipes")

        def per_second(seconds: float) -> float:
            asks.write(f"{seconds}\n")
            asks.flush()
            return float(answers.readline())

        per_second(1.0)
        yield per_second
        asks.close()


def wait_for_openvino(api: Api, images: Mapping[str, tuple[str, bytes]]) -> None:
    """Until the worker answers with the converted model."""
    while answer_of(api, images, every=POLL_S)["predictions"][0]["engine"]["name"] != "openvino":
        time.sleep(0.5)


def idle(api: Api, images: Mapping[str, tuple[str, bytes]], count: int) -> dict[str, float]:
    """What the server adds to an image that nothing waits before, in milliseconds."""
    added = [
        overhead_ms(answer_of(api, images, every=POLL_S))
        for _ in tqdm(range(count), desc="idle", unit="image")
    ]
    return {
        "overhead_median_ms": round(median(added), 1),
        "overhead_p95_ms": round(float(np.percentile(added, 95)), 1),
    }


def overhead_ms(answer: dict[str, Any]) -> float:
    """From the row to its answer, less the engine's own work."""
    created, finished = (datetime.fromisoformat(answer[name]) for name in ("created_at", "finished_at"))
    spent = answer["predictions"][0]["timings_ms"]
    own = spent["decode"] + spent["features"] + spent["cam"]
    return float((finished - created).total_seconds() * 1000 - own)


def queue(
    server: Server,
    api: Api,
    images: Mapping[str, tuple[str, bytes]],
    args: argparse.Namespace,
    alone: Callable[[float], float],
) -> dict[str, Any]:
    """Answers of a queue that was full at the start against the engine alone, and how long reads take."""
    held = workers(server)
    hold(held, signal.SIGSTOP)
    sent = [api.post("/api/v1/analyses/", files=images).headers["Location"] for _ in range(args.queued)]
    reads: list[float] = []
    windows, engine = [], [alone(ALONE_S)]
    for number in range(1, args.rounds + 1):
        windows.append(one_round(held, api, sent, reads, until=args.queued * number // args.rounds))
        engine.append(alone(ALONE_S))
    hold(held, signal.SIGCONT)
    times = [datetime.fromisoformat(api.get(one).json()["finished_at"]).timestamp() for one in sent]
    delivered = [rate_within(times, window) for window in windows]
    beside = [(before + after) / 2 for before, after in pairwise(engine)]
    ratios = [round(rate / engine_s, 3) for rate, engine_s in zip(delivered, beside, strict=True)]
    return {
        "answered_per_s": round(median(delivered), 3),
        "engine_alone_per_s": round(median(engine), 3),
        "rounds_of_engine": ratios,
        "delivered_of_engine": round(median(ratios), 3),
        "reads_median_ms": round(median(reads), 1),
        "reads_p95_ms": round(float(np.percentile(reads, 95)), 1),
    }


def one_round(
    held: list[psutil.Process], api: Api, sent: list[str], reads: list[float], *, until: int
) -> tuple[float, float]:
    """Let the worker run until so many are answered, and hold it again; from when to when it ran."""
    began = time.time()
    hold(held, signal.SIGCONT)
    with tqdm(total=until, desc="queue", unit="image", leave=False) as bar:
        while (finished := answered(api, sent, reads)) < until:
            bar.update(finished - bar.n)
            time.sleep(CALM_POLL_S)
    hold(held, signal.SIGSTOP)
    return began, time.time()


def rate_within(times: list[float], window: tuple[float, float]) -> float:
    """Answers a second among those that ended meanwhile, without the first SETTLING."""
    inside = sorted(time for time in times if window[0] <= time <= window[1])[SETTLING:]
    return (len(inside) - 1) / (inside[-1] - inside[0])


def hold(processes: list[psutil.Process], how: signal.Signals) -> None:
    """Stop them, or let them go on."""
    for process in processes:
        process.send_signal(how)


def answered(api: Api, sent: list[str], reads: list[float]) -> int:
    """How many are at their end, by the newest of them; the time of both reads goes to `reads`."""
    for path in ("/api/v1/analyses/", sent[-1]):
        start = time.perf_counter()
        answer = api.get(path)
        reads.append((time.perf_counter() - start) * 1000)
    position = answer.json()["queue_position"]
    ended = answer.json()["finished_at"] is not None
    return len(sent) if ended else len(sent) - int(position or 1)


def workers(server: Server) -> list[psutil.Process]:
    """The worker of the inference queue and its pool process."""
    return server.running("inference")


if __name__ == "__main__":
    main()
