"""What people wait for while a candidate is compared: latency of live images with and without a comparison.

`python benchmarks/rerun.py` writes benchmarks/results/rerun.json. A real server (`manage.py serve`: web
process, worker, background worker, clock) answers one image after the other, sent at random moments. Three
blocks of images take turns, in another order each round:

- alone: nothing else runs;
- beside: a comparison of a candidate of the same size runs over all past cases;
- control: as alone, so that one sees how far two equal blocks differ on this machine.

Latency: from the start of the POST until a poll (every 20 ms) sees the finished answer.
"""

import argparse
import io
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.machine import machine_facts
from benchmarks.harness.models import random_model
from benchmarks.harness.report import report_keep
from benchmarks.harness.server import Server, answer_of
from ml.checkpoint import save_checkpoint
from ml.golden_make import with_golden
from ml.manifest import Manifest
from ml.phantoms import render_case
from ml.phantoms.files import png_info
from ml.phantoms.render import Phantom
from ml.taxonomy import CLASS_NAMES, Modality
from scripts.api_client import Api

ALONE, BESIDE, CONTROL = BLOCKS = ("alone", "beside", "control")
SUBJECTS = {"resnet18": 64, "resnet152": 384}
POLL_S = 0.02
BOUND = 1.10  # the 95th percentile of live answers stays within 10 %


def main() -> None:
    args = parse_arguments()
    torch.manual_seed(0)
    facts = machine_facts("django", "celery", "torch")
    subjects = {name: measure(name, SUBJECTS[name], args) for name in args.architectures}
    report = {
        "subject": "latency of live images with and without a comparison in the background worker",
        "p95_ratio": {name: figures["p95_ratio"] for name, figures in subjects.items()},
        "within_bound": all(figures["p95_ratio"] <= BOUND for figures in subjects.values()),
        "bound": BOUND,
        "subjects": subjects,
        "machine": facts,
    }
    report_keep(report, args.out)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Time live images beside a comparison.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--architectures", nargs="+", choices=SUBJECTS, default=list(SUBJECTS))
    parser.add_argument("--rounds", type=int, default=8, help="rounds of three blocks")
    parser.add_argument("--images", type=int, default=25, help="live images a block")
    parser.add_argument("--past", type=int, default=60, help="past cases that are compared")
    parser.add_argument("--pause", type=float, default=0.8, help="longest pause before an image, seconds")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/rerun.json", help="report")
    return parser.parse_args()


def measure(architecture: str, size: int, args: argparse.Namespace) -> dict[str, Any]:
    """The figures of one architecture, with a server of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        active, candidate = (checkpoint(folder, architecture, size, seed) for seed in (1, 2))
        server = Server(folder / "data")
        server.manage("model_import", str(active), "--name", "active", "--activate")
        server.manage("model_import", str(candidate), "--name", "candidate")
        with server:
            load = Load(server.api(), images(), args)
            load.fill()
            for turn in tqdm(range(args.rounds), desc=architecture, unit="round"):
                for block in BLOCKS[turn % 3 :] + BLOCKS[: turn % 3]:
                    load.block(block)
    return load.figures(size)


@dataclass
class Load:
    """Live images, one after the other, and what each of them took."""

    api: Api
    images: list[bytes]
    args: argparse.Namespace
    spent: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in BLOCKS})
    compared: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 (pauses)

    def fill(self) -> None:
        """Past cases; they warm everything up as well."""
        for _ in tqdm(range(self.args.past), desc="past cases", unit="image"):
            self.one()

    def one(self) -> float:
        """Seconds of one image."""
        image = self.chance.choice(self.images)
        begun = time.perf_counter()
        answer_of(self.api, {"image_2d": ("image.png", image)}, every=POLL_S)
        return time.perf_counter() - begun

    def block(self, name: str) -> None:
        """One block of live images."""
        comparison = Comparison(self.api, self.args.past) if name == BESIDE else None
        for _ in range(self.args.images):
            if comparison is not None:
                comparison.keep_going()
            time.sleep(self.chance.uniform(0.1, self.args.pause))
            self.spent[name].append(self.one())
        if comparison is not None:
            self.compared += comparison.stop()

    def figures(self, size: int) -> dict[str, Any]:
        """Medians, 95th percentiles and their ratios."""
        middle = {name: float(np.median(spent)) for name, spent in self.spent.items()}
        high = {name: float(np.percentile(spent, 95)) for name, spent in self.spent.items()}
        both = float(np.percentile(self.spent[ALONE] + self.spent[CONTROL], 95))
        return {
            "pixels": size,
            "images_a_block": len(self.spent[ALONE]),
            "cases_compared_meanwhile": self.compared,
            "median_s": {name: round(value, 4) for name, value in middle.items()},
            "p95_s": {name: round(value, 4) for name, value in high.items()},
            "median_ratio": round(middle[BESIDE] / middle[ALONE], 3),
            "p95_ratio": round(high[BESIDE] / both, 3),
            "control_p95_ratio": round(high[CONTROL] / high[ALONE], 3),
        }


class Comparison:
    """A comparison that is under way for as long as a block lasts."""

    def __init__(self, api: Api, past: int) -> None:
        self.api, self.past = api, past
        listed = api.get("/api/v1/models/?state=checked").json()["results"]
        self.candidate = next(row["id"] for row in listed if row["name"] == "candidate")
        self.done = 0
        self._begin()

    def keep_going(self) -> None:
        """Start another one when it has come to its end."""
        if self._shown()["state"] == "finished":
            self.done += self._shown()["counts"]["done"]
            self._begin()

    def stop(self) -> int:
        """Cancel it; how many cases were compared."""
        self.api.post(f"{self.address}cancel/")
        self.done += self._shown()["counts"]["done"]
        time.sleep(2)  # the case at hand comes to its end
        return self.done

    def _begin(self) -> None:
        body = {"last": self.past, "reason": "benchmark"}
        asked = self.api.post_json(f"/api/v1/models/{self.candidate}/rerun/", body)
        if asked.status != 202:
            raise RuntimeError(f"no comparison: {asked.status} {asked.body!r}")
        self.address = asked.headers["Location"]
        while not self._shown()["counts"]["done"]:  # its process has loaded torch and the models
            time.sleep(0.2)

    def _shown(self) -> dict[str, Any]:
        return dict(self.api.get(self.address).json())


def checkpoint(folder: Path, architecture: str, size: int, seed: int) -> Path:
    """A version that passes its check, with random weights."""
    torch.manual_seed(seed)
    model = random_model(architecture, size)
    manifest = Manifest(
        name=f"benchmark {seed}", architecture=architecture, modality=Modality.B_MODE, input_size=size,
        seed=seed, config={}, dataset_fingerprint="none", split_protocol="none", metrics={},
        training_commit="none", licence="Apache-2.0", intended_use="Timing only.",
        limits=["SYNTHETIC: random weights."], synthetic=True, created_at="2026-01-01T00:00:00+00:00",
    )  # fmt: skip
    path = folder / f"{architecture}-{seed}.safetensors"
    save_checkpoint(path, model, with_golden(manifest, model, "float32"))
    return path


def images() -> list[bytes]:
    """A phantom of each class, as PNG in a scanner's size."""
    return [_png(render_case(seed, name)[Modality.B_MODE]) for seed, name in enumerate(CLASS_NAMES)]


def _png(phantom: Phantom) -> bytes:
    buffer = io.BytesIO()
    phantom.image.save(buffer, "PNG", pnginfo=png_info(phantom))
    return buffer.getvalue()


if __name__ == "__main__":
    main()
