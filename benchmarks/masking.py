"""What covering text costs an upload, what it leaves, and what it takes along that is no text.

`python benchmarks/masking.py` writes benchmarks/results/masking.json: the worker's own step (find, erase,
look again) over unseen phantoms of three sizes, whose lines of text are known. A line counts as left where
less than FOUND_FROM of its area is covered; an image that fails is seen by nobody and is counted apart."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, quantiles
from time import perf_counter
from typing import Any

from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.machine import machine_facts
from benchmarks.harness.report import report_keep
from ml.overlays.boxes import Box, covered
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.phantoms.render import Phantom

SIZES = ((256, 192), (640, 480), (1024, 768))  # width × height in pixels
SEEDS_FROM, SIZES_APART = 3_100_000_000, 1_000_000  # above every seed that anything is trained or fitted on
FOUND_FROM = 0.8  # of a line's area
GOALS = {"seconds_p95": 1.5, "lines_left": 0.01}


@dataclass
class Tally:
    """Over the phantoms of one size; areas in pixels."""

    images: int = 0
    failed: int = 0
    lines: int = 0
    lines_left: int = 0
    places: int = 0
    node: int = 0
    node_covered: int = 0
    seconds: list[float] = field(default_factory=list)

    def count(self, phantom: Phantom) -> None:
        """Mask one more."""
        from backend.inference import masking

        self.images += 1
        began = perf_counter()
        try:
            _, places = masking.covered(phantom.image)
        except masking.MaskingFailed:
            self.failed += 1
            return
        finally:
            self.seconds.append(perf_counter() - began)
        gone = covered([Box(*place) for place in places], *phantom.image.size)
        self.places += len(places)
        self.lines += len(phantom.text_boxes)
        self.lines_left += sum(
            bool(gone[Box(*line).slices].mean() < FOUND_FROM) for line in phantom.text_boxes
        )
        self.node += int(phantom.mask.sum())
        self.node_covered += int((phantom.mask & gone).sum())

    def as_json(self) -> dict[str, Any]:
        """Counts, and shares of what they are of."""
        return {
            "images": self.images,
            "failed": self.failed,
            "lines": self.lines,
            "lines_left": self.lines_left,
            "lines_left_share": round(self.lines_left / max(1, self.lines), 4),
            "places_per_image": round(self.places / max(1, self.images - self.failed), 1),
            "node_covered_share": round(self.node_covered / max(1, self.node), 4),
            "seconds_mean": round(mean(self.seconds), 3),
            "seconds_p95": round(quantiles(self.seconds, n=20)[-1], 3),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and judge the covering of text.")
    parser.add_argument("--cases", type=int, default=20, help="of each class, three images each, per size")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/masking.json", help="report")
    args = parser.parse_args()
    facts = machine_facts("rapidocr", "openvino", "pillow")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(DATA_DIR=scratch, DJANGO_SETTINGS_MODULE="backend.config.settings.base")
        sizes = {f"{width}×{height}": tally.as_json() for (width, height), tally in tallies(args.cases)}
    subject = "finding, covering and looking again, one image after the other, SYNTHETIC phantoms"
    report_keep({"subject": subject, "sizes": sizes, "goals": GOALS, "machine": facts}, args.out)


def tallies(per_class: int) -> Iterator[tuple[tuple[int, int], Tally]]:
    """One a size; the finder is loaded before, as a worker does it."""
    import django

    django.setup()
    from backend.inference.masking import finder_load

    finder_load()
    for number, size in enumerate(SIZES):
        tally = Tally()
        seeds = PhantomSeeds(SEEDS_FROM + number * SIZES_APART, per_class)
        for case in tqdm(render_cases(seeds, size), total=seeds.count, desc=f"{size[0]}×{size[1]}"):
            for phantom in case.values():
                tally.count(phantom)
        yield size, tally


if __name__ == "__main__":
    main()
