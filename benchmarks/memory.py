"""What the server holds in memory: a real server, asked for answers, and looked at from outside.

`python benchmarks/memory.py` writes benchmarks/results/memory.json:

- exact, fast: one worker process with three active ResNet152 versions at 384 px, after each has answered with
  its converted model; in fast mode with the exact model of each beside it;
- slope: the same process over many analyses with a small network, and a straight line through its memory;
- web: a web process after all of them.

USS is the memory that would come back if the process ended; RSS counts what it shares as well. The pages that
a worker shares with the parent that forked it are in neither USS: the parent is reported beside it.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.machine import machine_facts
from benchmarks.harness.models import random_checkpoint
from benchmarks.harness.pictures import pictures
from benchmarks.harness.report import report_keep
from benchmarks.harness.server import Server, answer_of
from ml.fast.images import calibration_files
from ml.fast.record import KEY, LEAST_IMAGES, Figures, record_as_json
from ml.taxonomy import MODALITIES, Modality

GOALS_MIB = {"exact": 1.4 * 1024, "fast": 1.6 * 1024, "web": 150}
CONVERSION_S = 1800
POLL_S = 0.02
CALIBRATED_WITH = 3  # pictures: memory does not depend on the ranges


def main() -> None:
    args = parse_arguments()
    torch.manual_seed(0)
    facts = machine_facts("torch", "openvino", "django", "celery", "psutil")
    with tempfile.TemporaryDirectory() as scratch:
        large = large_versions(Path(scratch), args.architecture, args.size)
        figures = small_versions(Path(scratch), args)
    report = {
        "subject": f"three active {args.architecture} versions at {args.size} px in one worker process",
        **large,
        **figures,
        "goals_mib": GOALS_MIB,
        "within": {name: found["uss_mib"] <= GOALS_MIB[name] for name, found in (large | figures).items()
                   if name in GOALS_MIB},
        "machine": facts,
    }  # fmt: skip
    report_keep(report, args.out)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Look at the server's memory.", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--architecture", default="resnet152", help="of the three large versions")
    parser.add_argument("--size", type=int, default=384, help="their input side in pixels")
    parser.add_argument("--analyses", type=int, default=2000, help="with the small network, for the slope")
    parser.add_argument("--every", type=int, default=50, help="look after so many analyses")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/memory.json", help="report")
    return parser.parse_args()


def large_versions(scratch: Path, architecture: str, size: int) -> dict[str, Any]:
    """A worker with three versions, exact and fast; the second server finds the fp32 models of the first."""
    folder = scratch / "large"
    files = {name: versions_file(scratch, architecture, size, name) for name in MODALITIES}
    images = pictures(size)
    found = {}
    for mode, wanted in (("exact", 3), ("fast", 6)):
        server = Server(folder, ENGINE="openvino", INFERENCE_MODE="exact" if mode == "exact" else "auto")
        for path in files.values() if mode == "exact" else ():
            server.manage("model_import", str(path), "--activate")
        with server:
            api = server.api()
            answer_of(api, images, every=POLL_S)
            wait_for_models(folder, wanted)
            for _ in range(3):
                used = [one["engine"] for one in answer_of(api, images, every=POLL_S)["predictions"]]
            found[mode] = {
                **memory_of(worker(server)),
                "parent": memory_of(worker(server).parent()),
                "engines": used,
            }
    return found


def small_versions(scratch: Path, args: argparse.Namespace) -> dict[str, Any]:
    """Memory over many analyses, and of a web process behind them."""
    folder = scratch / "small"
    server = Server(folder, ENGINE="openvino", INFERENCE_MODE="exact")
    server.manage(
        "model_import", str(random_checkpoint(scratch / "small.safetensors", "resnet18", 64)), "--activate"
    )
    images = {"image_2d": pictures(64)["image_2d"]}
    with server:
        api = server.api()
        answer_of(api, images, every=POLL_S)
        wait_for_models(folder, 1)
        seen = []
        for number in tqdm(range(args.analyses), desc="analyses", unit="analysis"):
            answer_of(api, images, every=POLL_S)
            if number % args.every == 0:
                seen.append((number, memory_of(worker(server))["uss_mib"]))
        return {"slope": line_through(seen), "web": memory_of(web(server))}


def line_through(seen: list[tuple[int, float]]) -> dict[str, Any]:
    """The straight line through the second half: the first fills caches that are bounded."""
    half = seen[len(seen) // 2 :]
    numbers, uss = np.array(half, dtype=float).T
    slope, start = np.polyfit(numbers, uss, 1)
    return {
        "kib_per_analysis": round(slope * 1024, 3),
        "residual_mib": round(float(np.std(uss - (slope * numbers + start))), 2),
        "analyses": seen[-1][0] + 1,
        "first_mib": seen[0][1],
        "half_mib": half[0][1],
        "last_mib": seen[-1][1],
    }


def versions_file(scratch: Path, architecture: str, size: int, modality: Modality) -> Path:
    """A random network that is allowed fast mode, and so unsure that each answer is computed twice."""
    figures = Figures(LEAST_IMAGES, 1.0, 0.0, 1.0, 1.0, 0.0)
    pictures_ = calibration_files(modality, size)[:CALIBRATED_WITH]
    record = record_as_json(figures, 1e6, "none: a stand-in for the benchmark", pictures_, {})
    path = scratch / f"{architecture}-{modality}.safetensors"
    return random_checkpoint(path, architecture, size, modality=modality, extras={KEY: record})


def wait_for_models(folder: Path, count: int) -> None:
    """Until so many converted models are in the store; the worker takes them with its next image."""
    store, deadline = folder / "engines", time.monotonic() + CONVERSION_S
    while len([path for path in store.glob("[!.]*") if path.is_dir()]) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{count} converted models did not come to {store}")
        time.sleep(0.5)


def worker(server: Server) -> psutil.Process:
    """The process that runs predictions: the child of the worker of the inference queue."""
    listed = server.running("inference")
    return next(process for process in listed if process.parent() in listed)


def web(server: Server) -> psutil.Process:
    """A process that answers requests: a child of gunicorn."""
    listed = server.running("gunicorn")
    return next(process for process in listed if process.parent() in listed)


def memory_of(process: psutil.Process) -> dict[str, float]:
    """USS and RSS in MiB."""
    found = process.memory_full_info()
    return {"uss_mib": round(found.uss / 2**20, 1), "rss_mib": round(found.rss / 2**20, 1)}


if __name__ == "__main__":
    main()
