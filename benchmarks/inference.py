"""What an answer costs: probabilities and three maps, against one eager forward and against the usual recipe.

`python benchmarks/inference.py` writes benchmarks/results/inference.json. All contenders share the weights,
take one image at a time and run alternately:

- eager: one forward of the whole model, float32, as torch does it;
- exact: `ml.predict` by OpenVINO fp32, with its three maps in the image's size, resizing included;
- fast: the same by OpenVINO int8; twice: an int8 answer that was too close and is computed again in fp32;
- torch: the same by torch, as where a model is not converted yet;
- peer: the usual recipe, one forward and then the grad-cam library on the whole model once a class;
- cam: the maps alone, from features that are already there.

How often fast mode computes twice, and how far its answers agree with the exact ones, depends on a trained
model: that is measured on a demo checkpoint, at its own size, with fresh phantoms and with real images.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from PIL import Image
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.demo import demo_checkpoint
from benchmarks.harness.fast import fast_figures
from benchmarks.harness.machine import machine_facts
from benchmarks.harness.models import random_checkpoint
from benchmarks.harness.report import report_keep
from benchmarks.harness.timing import summary, time_alternately
from ml.checkpoint import LoadedModel, load_checkpoint
from ml.engines.base import Engines
from ml.engines.convert import convert
from ml.engines.openvino_engine import open_engine
from ml.engines.quantise import quantise
from ml.fast.images import calibration_files
from ml.gradcam import class_maps, upscale
from ml.model import build_model
from ml.predict import predict
from ml.taxonomy import CLASS_NAMES, Modality
from ml.transforms import eval_transform

CALIBRATED_WITH = 6  # pictures: enough for a timing, which does not depend on the ranges


def main() -> None:
    args = parse_arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    facts = machine_facts("torch", "torchvision", "openvino", "nncf", "grad-cam", "numpy", "pillow")
    with tempfile.TemporaryDirectory() as folder:
        agreement = fast_figures(demo_checkpoint(args.checkpoint), args.data, args.every)
        contenders = Contenders(Path(folder), args.architecture, args.size)
        spent = time_alternately(contenders.as_table(), args.rounds)
        report = {
            "subject": f"{args.architecture}, {args.size}×{args.size} px, batch 1, random weights",
            "threads": args.threads,
            **ratios(spent, agreement["phantoms"]["recomputed_share"]),
            "agreement": contenders.agreement(),
            "fast_agreement": agreement,
            "rounds": args.rounds,
            "seconds": {name: summary(seconds) for name, seconds in spent.items()},
            "machine": facts,
        }
    report_keep(report, args.out)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Time inference with maps.", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--architecture", default="resnet152", help="name of the backbone")
    parser.add_argument("--size", type=int, default=384, help="input side in pixels")
    parser.add_argument("--rounds", type=int, default=9, help="counted rounds; one more warms up")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch and OpenVINO")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        default=ROOT / "var/models/demo-2d.safetensors",
        help="trained model for the agreement of fast mode; the demo is made where it is missing",
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=ROOT.parent / "shared/data",
        help="folder of real images, where there is one",
    )
    parser.add_argument("--every", type=int, default=4, help="take every so many of the real images")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/inference.json", help="report")
    return parser.parse_args()


def ratios(spent: dict[str, list[float]], recomputed: float) -> dict[str, Any]:
    """The figures that later runs are compared by: ratios of medians. Fast mode costs what its two kinds of
    answers cost, in the shares in which they came on the trained model."""
    middle = {name: median(seconds) for name, seconds in spent.items()}
    fast = (1 - recomputed) * middle["fast"] + recomputed * middle["twice"]
    return {
        "eager_forward_s": round(middle["eager"], 4),
        "exact_over_eager": round(middle["exact"] / middle["eager"], 4),
        "peer_over_exact": round(middle["peer"] / middle["exact"], 3),
        "fast_over_eager": round(fast / middle["eager"], 4),
        "peer_over_fast": round(middle["peer"] / fast, 3),
        "recomputed_share": recomputed,
        "torch_over_eager": round(middle["torch"] / middle["eager"], 4),
        "cam_share": round(middle["cam"] / middle["eager"], 5),
    }


class Contenders:
    """The ways to work on one image."""

    def __init__(self, folder: Path, architecture: str, size: int) -> None:
        path = random_checkpoint(folder / "random.safetensors", architecture, size)
        self.loaded = load_checkpoint(path)
        exact, fast = converted(folder, self.loaded)
        self.engines = {
            "exact": Engines(exact),
            "fast": Engines(exact, fast, margin=-1.0),
            "twice": Engines(exact, fast, margin=float("inf")),
        }
        self.image = random_image(size)
        self.batch = eval_transform(self.loaded.manifest)(self.image)[None].contiguous()
        self.plain = build_model(architecture, len(CLASS_NAMES), size).eval()
        self.plain.load_state_dict(self.loaded.model.state_dict())
        with torch.inference_mode():
            self.features = self.loaded.model.features(self.batch)

    def as_table(self) -> dict[str, Callable[[], object]]:
        by_engine = {name: lambda name=name: self.answer(self.engines[name]) for name in self.engines}
        return {
            "eager": self.eager,
            **by_engine,
            "torch": lambda: self.answer(None),
            "peer": self.peer,
            "cam": self.cam,
        }

    def eager(self) -> np.ndarray:
        with torch.no_grad():
            return self.plain(self.batch)[0].softmax(0).numpy()

    def answer(self, engines: Engines | None) -> tuple[np.ndarray, list[np.ndarray | None]]:
        result = predict(
            self.image, LoadedModel(self.loaded.model, self.loaded.manifest, self.loaded.device, engines)
        )
        return np.array(list(result.probabilities.values())), list(result.maps.values())

    def peer(self) -> tuple[np.ndarray, list[np.ndarray]]:
        probabilities, maps = self.eager(), []
        for index in range(len(CLASS_NAMES)):
            cam = GradCAM(self.plain, [self.plain.features[-1]])
            maps.append(cam(self.batch, [ClassifierOutputTarget(index)])[0])
            cam.activations_and_grads.release()
        return probabilities, maps

    def cam(self) -> list[np.ndarray]:
        return [upscale(grid, self.image.size) for grid in class_maps(self.loaded.model, self.features)[0]]

    def agreement(self) -> dict[str, float | int]:
        """Exact against the usual recipe: largest gap of a probability, lowest correlation of a map."""
        (own, own_maps), (usual, usual_maps) = self.answer(self.engines["exact"]), self.peer()
        pairs = [(a, b) for a, b in zip(own_maps, usual_maps, strict=True) if a is not None and b.any()]
        return {
            "probability_difference": float(np.abs(own - usual).max()),
            "map_correlation": float(min(np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in pairs)),
            "maps_compared": len(pairs),
            "empty_maps_disagreeing": sum(
                (a is None) == bool(b.any()) for a, b in zip(own_maps, usual_maps, strict=True)
            ),
        }


def converted(folder: Path, loaded: LoadedModel) -> tuple[Any, Any]:
    """The fp32 and the int8 engine of the model."""
    exact, small = folder / "exact", folder / "fast"
    exact.mkdir()
    small.mkdir()
    convert(loaded, exact)
    files = calibration_files(Modality.B_MODE, loaded.manifest.input_size)[:CALIBRATED_WITH]
    quantise(exact, loaded, [Image.open(io.BytesIO(data)) for data in files], small)
    return open_engine(exact), open_engine(small, fast=True)


def random_image(size: int) -> Image.Image:
    noise = np.random.default_rng(0).integers(0, 256, (size, size, 3), dtype=np.uint8)
    return Image.fromarray(noise)


if __name__ == "__main__":
    main()
