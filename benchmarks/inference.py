"""What an answer costs: probabilities and three maps, against one eager forward and against the usual recipe.

`python benchmarks/inference.py` writes benchmarks/results/inference.json. All contenders share the weights,
take one image at a time and run alternately:

- eager: one forward of the whole model, float32, as torch does it;
- exact: `ml.predict` with its three maps in the image's size, resizing included;
- peer: the usual recipe, one forward and then the grad-cam library on the whole model once a class;
- cam: the maps alone, from features that are already there.
"""

import argparse
import json
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

from benchmarks.harness.machine import machine_facts
from benchmarks.harness.models import random_model
from benchmarks.harness.timing import summary, time_alternately
from ml.checkpoint import LoadedModel, load_checkpoint, save_checkpoint
from ml.gradcam import class_maps, upscale
from ml.manifest import Manifest
from ml.model import build_model
from ml.predict import predict
from ml.taxonomy import CLASS_NAMES, Modality
from ml.transforms import eval_transform

FAST_REASON = "fast (int8) mode is not built yet"


def main() -> None:
    args = parse_arguments()
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    facts = machine_facts("torch", "torchvision", "grad-cam", "numpy", "pillow")
    loaded = random_checkpoint(args.architecture, args.size)
    contenders = Contenders(loaded, random_image(args.size))
    spent = time_alternately(contenders.as_table(), args.rounds)
    report = {
        "subject": f"{args.architecture}, {args.size}×{args.size} px, batch 1, random weights",
        "threads": args.threads,
        **ratios(spent),
        "agreement": contenders.agreement(),
        "rounds": args.rounds,
        "seconds": {name: summary(seconds) for name, seconds in spent.items()},
        "machine": facts,
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2, ensure_ascii=False))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Time inference with maps.", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--architecture", default="resnet152", help="name of the backbone")
    parser.add_argument("--size", type=int, default=384, help="input side in pixels")
    parser.add_argument("--rounds", type=int, default=9, help="counted rounds; one more warms up")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/inference.json", help="report")
    return parser.parse_args()


def ratios(spent: dict[str, list[float]]) -> dict[str, Any]:
    """The figures that later runs are compared by: ratios of medians."""
    middle = {name: median(seconds) for name, seconds in spent.items()}
    return {
        "eager_forward_s": round(middle["eager"], 4),
        "exact_over_eager": round(middle["exact"] / middle["eager"], 4),
        "peer_over_exact": round(middle["peer"] / middle["exact"], 3),
        "cam_share": round(middle["cam"] / middle["eager"], 5),
        "fast_over_eager": None,
        "peer_over_fast": None,
        "recomputed_share": None,
        "fast_reason": FAST_REASON,
    }


class Contenders:
    """The four ways to work on one image."""

    def __init__(self, loaded: LoadedModel, image: Image.Image) -> None:
        self.loaded = loaded
        self.image = image
        self.batch = eval_transform(loaded.manifest)(image)[None].contiguous()
        self.plain = build_model(
            loaded.model.architecture, len(CLASS_NAMES), loaded.manifest.input_size
        ).eval()
        self.plain.load_state_dict(loaded.model.state_dict())
        with torch.inference_mode():
            self.features = loaded.model.features(self.batch)

    def as_table(self) -> dict[str, Callable[[], object]]:
        return {"eager": self.eager, "exact": self.exact, "peer": self.peer, "cam": self.cam}

    def eager(self) -> np.ndarray:
        with torch.no_grad():
            return self.plain(self.batch)[0].softmax(0).numpy()

    def exact(self) -> tuple[np.ndarray, list[np.ndarray | None]]:
        result = predict(self.image, self.loaded)
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
        (own, own_maps), (usual, usual_maps) = self.exact(), self.peer()
        pairs = [(a, b) for a, b in zip(own_maps, usual_maps, strict=True) if a is not None and b.any()]
        return {
            "probability_difference": float(np.abs(own - usual).max()),
            "map_correlation": float(min(np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in pairs)),
            "maps_compared": len(pairs),
            "empty_maps_disagreeing": sum(
                (a is None) == bool(b.any()) for a, b in zip(own_maps, usual_maps, strict=True)
            ),
        }


def random_checkpoint(architecture: str, size: int) -> LoadedModel:
    """A checkpoint that was really written and read; timings do not depend on the weights' values."""
    model = random_model(architecture, size)
    manifest = Manifest(
        name="benchmark", architecture=architecture, modality=Modality.B_MODE, input_size=size,
        seed=0, config={}, dataset_fingerprint="none", split_protocol="none", metrics={},
        training_commit="none", licence="Apache-2.0", intended_use="Timing only.",
        limits=["SYNTHETIC: random weights."],
        synthetic=True, created_at="2025-01-01T00:00:00+00:00",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark.safetensors"
        save_checkpoint(path, model, manifest)
        return load_checkpoint(path)


def random_image(size: int) -> Image.Image:
    noise = np.random.default_rng(0).integers(0, 256, (size, size, 3), dtype=np.uint8)
    return Image.fromarray(noise)


if __name__ == "__main__":
    main()
