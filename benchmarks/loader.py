"""Images a second that reach the training loop: the decode-once cache against the usual torchvision pipeline.

`python benchmarks/loader.py --data data/auli` writes benchmarks/results/loader.json. Contenders, in turn:

- usual: ImageFolder + Resize + ToTensor in this process, batches of 16 (the paper's kind of loop);
- usual_workers: the same through a DataLoader with a worker a core, its start left out;
- cached: `ml.data.loader.load` over the memory-mapped cache, uint8 batches in shuffled order;
- cached_normalised: the same, with the normalisation that a GPU would do done here as well.

The cache's own cost is reported too: seconds to build it, and after how many epochs it has paid for itself.
Without the real set, 200 noise pictures of its commonest size stand in, and the report says so.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, Resize, ToTensor

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.machine import machine_facts
from benchmarks.harness.report import report_keep
from benchmarks.harness.timing import summary, time_alternately
from ml.data.cache import CachedSet, open_cache
from ml.data.class_folders import read_auli
from ml.data.loader import cut, load
from ml.train.loop import MEAN, STD
from ml.transforms import normalise

BATCH = 16
CPU = torch.device("cpu")
MADE_UP_SIZE = (1024, 768)  # the commonest size of AULI, width × height in pixels


def main() -> None:
    args = parse_arguments()
    torch.set_num_threads(args.threads)
    with tempfile.TemporaryDirectory() as scratch:
        data = args.data if args.data.is_dir() else make_up(Path(scratch) / "auli")
        begun = time.perf_counter()
        cached = open_cache(read_auli(data), args.size, Path(scratch) / "cache")
        built = time.perf_counter() - begun
        spent = time_alternately(contenders(data, cached, args), args.rounds)
    report = {
        "subject": f"{len(cached)} images of {'AULI' if args.data.is_dir() else 'noise (no AULI here)'}, "
        f"{args.size} px, batches of {BATCH}",
        **figures(spent, len(cached), built),
        "threads": args.threads,
        "rounds": args.rounds,
        "seconds": {name: summary(seconds) for name, seconds in spent.items()},
        "machine": machine_facts("torch", "torchvision", "numpy", "pillow"),
    }
    report_keep(report, args.out)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Time the loader.", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=ROOT / "data/auli", help="folder of the AULI set")
    parser.add_argument("--size", type=int, default=384, help="input side in pixels")
    parser.add_argument("--rounds", type=int, default=3, help="counted rounds; one more warms up")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch, and worker processes")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/loader.json", help="report")
    return parser.parse_args()


def contenders(data: Path, cached: CachedSet, args: argparse.Namespace) -> dict[str, Callable[[], Any]]:
    """One epoch of each: every image once, in shuffled order, and read."""
    usual = ImageFolder(str(data), Compose([Resize((args.size, args.size)), ToTensor()]))
    plain = DataLoader(usual, batch_size=BATCH, shuffle=True)
    workers = DataLoader(
        usual, batch_size=BATCH, shuffle=True, num_workers=args.threads, persistent_workers=True
    )
    return {
        "usual": lambda: drain(images for images, _ in plain),
        "usual_workers": lambda: drain(images for images, _ in workers),
        "cached": lambda: drain(epoch(cached)),
        "cached_normalised": lambda: drain(normalise(images, MEAN, STD) for images in epoch(cached)),
    }


def epoch(cached: CachedSet) -> Iterator[torch.Tensor]:
    order = np.random.default_rng(0).permutation(len(cached))
    return (batch.images for batch in load(cached, cut(order, BATCH), CPU))


def drain(batches: Iterator[torch.Tensor]) -> float:
    """Touch every batch (its first and last pixel): what a copy to a device would read."""
    return sum(float(batch.flatten()[0]) + float(batch.flatten()[-1]) for batch in batches)


def figures(spent: dict[str, list[float]], images: int, built: float) -> dict[str, Any]:
    """Images a second, the ratios that later runs are compared by, and what the cache costs."""
    middle = {name: median(seconds) for name, seconds in spent.items()}
    saved = middle["usual"] - middle["cached"]
    return {
        "images_per_s": {name: round(images / seconds, 1) for name, seconds in middle.items()},
        "cached_over_usual": round(middle["usual"] / middle["cached"], 2),
        "cached_over_usual_workers": round(middle["usual_workers"] / middle["cached"], 2),
        "cached_normalised_over_usual": round(middle["usual"] / middle["cached_normalised"], 2),
        "cache_build_s": round(built, 2),
        "cache_pays_after_epochs": round(built / saved, 2),
    }


def make_up(root: Path) -> Path:
    """JPEG noise in the layout of AULI."""
    rng = np.random.default_rng(0)
    for number in range(200):
        folder = root / ("benign", "malignant", "normal")[number % 3]
        folder.mkdir(parents=True, exist_ok=True)
        coarse = rng.integers(0, 256, (96, 128, 3), dtype=np.uint8)
        Image.fromarray(coarse).resize(MADE_UP_SIZE).save(folder / f"{number}.jpg", quality=90)
    return root


if __name__ == "__main__":
    main()
