"""What covering text costs an upload, what it leaves, and what it takes along that is no text.

`python benchmarks/masking.py` writes benchmarks/results/masking.json: the worker's own step (find, erase,
look again) over unseen phantoms of three sizes, whose lines of text are known. A line counts as left where
less than FOUND_FROM of its area is covered; an image that fails is seen by nobody and is counted apart.
Processor seconds, of all threads, are what a machine with other work to do can still tell."""

import argparse
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean, quantiles
from time import perf_counter, process_time
from typing import Any
from unittest import mock

from PIL import Image
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.machine import machine_facts
from benchmarks.harness.report import report_keep
from ml.overlays.boxes import Box, covered
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.phantoms.render import Phantom
from ml.trust.page import rewrite_table

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
    processor: list[float] = field(default_factory=list)

    def count(self, phantom: Phantom) -> None:
        """Mask one more."""
        from backend.inference import masking

        self.images += 1
        began, worked = perf_counter(), process_time()
        try:
            _, places = masking.covered(phantom.image)
        except masking.MaskingFailed:
            self.failed += 1
            return
        finally:
            self.seconds.append(perf_counter() - began)
            self.processor.append(process_time() - worked)
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
            "processor_seconds_mean": round(mean(self.processor), 3),
            "processor_seconds_p95": round(quantiles(self.processor, n=20)[-1], 3),
        }


@dataclass
class RealTally:
    """Over the real pictures of one data set; `more` means beyond what the detector alone covers."""

    images: int = 0
    failed: int = 0
    failed_without: int = 0
    with_print: int = 0  # images in which anything was covered
    with_more: int = 0
    pixels: int = 0
    pixels_more: int = 0

    def count(self, picture: Image.Image) -> None:
        """Mask one more; without the look at its ink again, where that found anything."""
        self.images += 1
        self.pixels += picture.width * picture.height
        found, places = _places(picture)
        self.failed += places is None
        self.with_print += bool(places)
        before = _places(picture, at_ink=False)[1] if found else places
        self.failed_without += before is None
        more = covered(places or [], *picture.size) & ~covered(before or [], *picture.size)
        self.with_more += bool(more.any())
        self.pixels_more += int(more.sum())


def _places(picture: Image.Image, *, at_ink: bool = True) -> tuple[bool, list[Box] | None]:
    """Whether the look at the ink found anything, and what was covered; None where masking fails."""
    from backend.inference import masking
    from ml.overlays import ink

    missed: list[Box] = []

    def looked(*args: Any) -> list[Box]:
        found = ink.lines_missed(*args) if at_ink else []
        missed.extend(found)
        return found

    with mock.patch("ml.overlays.text.lines_missed", looked):
        try:
            places = [Box(*place) for place in masking.covered(picture)[1]]
        except masking.MaskingFailed:
            return bool(missed), None
    return bool(missed), places


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and judge the covering of text.")
    parser.add_argument("--cases", type=int, default=20, help="of each class, three images each, per size")
    parser.add_argument("--real", type=Path, metavar="DIR", help="folder with a folder a data set")
    parser.add_argument(
        "--sets", nargs="+", default=["auli", "busi", "ddti", "ocau"], help="folders below DIR"
    )
    parser.add_argument("--pictures", type=int, default=50, metavar="N", help="of each data set")
    parser.add_argument("--out", type=Path, help="report (default: benchmarks/results/masking[_real].json)")
    parser.add_argument("--page", type=Path, metavar="FILE", help="Markdown page whose table to rewrite")
    args = parser.parse_args()
    facts = machine_facts("rapidocr", "openvino", "pillow")
    name = "masking_real" if args.real else "masking"
    with tempfile.TemporaryDirectory() as scratch:
        os.environ.update(DATA_DIR=scratch, DJANGO_SETTINGS_MODULE="backend.config.settings.base")
        report = _real(args.real, args.sets, args.pictures) if args.real else _phantoms(args.cases)
    report_keep(report | {"machine": facts}, args.out or ROOT / f"benchmarks/results/{name}.json")
    if args.page:
        rewrite_table(args.page, name, (_real_table if args.real else _table)(report | {"machine": facts}))


def _phantoms(per_class: int) -> dict[str, Any]:
    sizes = {f"{width}×{height}": tally.as_json() for (width, height), tally in tallies(per_class)}
    subject = "finding, covering and looking again, one image after the other, SYNTHETIC phantoms"
    return {"subject": subject, "sizes": sizes, "goals": GOALS}


def _real(root: Path, names: Sequence[str], count: int) -> dict[str, Any]:
    """Pictures of the half that no number of the finder was chosen on: those whose name's hash is odd."""
    _finder()
    sets = {}
    for name in names:
        tally = RealTally()
        for path in tqdm(_judging(root, root / name, count), desc=name):
            with Image.open(path) as picture:
                tally.count(picture.convert("RGB"))
        sets[name] = asdict(tally)
    return {"subject": "covering text in real pictures, with and without the look at ink", "sets": sets}


def _judging(root: Path, folder: Path, count: int) -> list[Path]:
    def name_hash(path: Path) -> str:
        return hashlib.sha256(path.relative_to(root).as_posix().encode()).hexdigest()

    files = [path for path in folder.rglob("*") if path.suffix.lower() in {".png", ".jpg"}]
    odd = [path for path in files if int(name_hash(path), 16) % 2 == 1]
    return sorted(odd, key=lambda path: name_hash(path)[::-1])[:count]


def _finder() -> None:
    """Loaded before anything is timed, as a worker does it."""
    import django

    django.setup()
    from backend.inference.masking import finder_load

    finder_load()


def tallies(per_class: int) -> Iterator[tuple[tuple[int, int], Tally]]:
    """One a size."""
    _finder()
    for number, size in enumerate(SIZES):
        tally = Tally()
        seeds = PhantomSeeds(SEEDS_FROM + number * SIZES_APART, per_class)
        for case in tqdm(render_cases(seeds, size), total=seeds.count, desc=f"{size[0]}×{size[1]}"):
            for phantom in case.values():
                tally.count(phantom)
        yield size, tally


def _table(report: dict[str, Any]) -> str:
    """A row a size and what the goal is held against, in Markdown."""
    rows = [
        f"| {size} | {one['images']} | {one['failed']} | {_of(one['lines_left'], one['lines'])} "
        f"| {one['node_covered_share']:.2%} "
        f"| {one['processor_seconds_mean']:.2f} / {one['processor_seconds_p95']:.2f} "
        f"| {one['seconds_p95']:.2f} |"
        for size, one in report["sizes"].items()
    ]
    left, lines, images, failed = (
        _sum(report["sizes"], name) for name in ("lines_left", "lines", "images", "failed")
    )
    head = (
        "| phantoms | images | failed | lines less than 80 % covered | node covered "
        "| processor seconds, mean / 95 % below | seconds, 95 % below |"
    )
    share = f"In all {_of(left, lines)} lines left, {failed} of {images} images failed"
    return "\n".join([head, "|---" * 7 + "|", *rows, "", f"{share}; load before the run {_load(report)}."])


def _real_table(report: dict[str, Any]) -> str:
    """A row a data set, in Markdown."""
    rows = [
        f"| {name} | {one['images']} | {one['failed']} | {one['failed_without']} | {one['with_print']} "
        f"| {one['with_more']} | {one['pixels_more'] / one['pixels']:.4%} |"
        for name, one in report["sets"].items()
    ]
    head = (
        "| data set | images | failed | failed without the look at ink | something was covered "
        "| more than without it | pixels covered more |"
    )
    return "\n".join([head, "|---" * 7 + "|", *rows])


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / max(1, whole):.1%})"


def _sum(rows: dict[str, dict[str, Any]], name: str) -> int:
    return sum(int(one[name]) for one in rows.values())


def _load(report: dict[str, Any]) -> float:
    return float(report["machine"]["load_before"])


if __name__ == "__main__":
    main()
