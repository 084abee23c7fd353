"""What trust costs: gate, calibration and sets beside the engine's own time for one image.

`python benchmarks/trust.py` writes benchmarks/results/trust.json. The contenders take turns:

- engine: an exact answer with its three maps, by OpenVINO, at 384 px, of random weights;
- gate: is it ultrasound, is it the modality of its field, on an image of a scanner's size;
- likeness: distance of the features that the answer has anyway, with a demo version's stored numbers;
- sets: temperature, p-values and the set of classes, with the same version's;
- fusion: three modalities' answers joined and looked at for a contradiction, though that is once a case.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import torch
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.harness.demo import demo_checkpoint
from benchmarks.harness.machine import machine_facts
from benchmarks.harness.models import random_checkpoint
from benchmarks.harness.report import report_keep
from benchmarks.harness.timing import summary, time_alternately
from ml.checkpoint import LoadedModel, load_checkpoint
from ml.engines.base import Engines
from ml.engines.convert import convert
from ml.engines.openvino_engine import open_engine
from ml.fusion.stack import SUBSETS, Fusion, Stacker, agreement, joined
from ml.phantoms import render_case
from ml.predict import as_pixels, predict
from ml.taxonomy import CLASS_NAMES, MODALITIES
from ml.trust.likeness import appearance, unlikeness
from ml.trust.p_values import calibrated, p_values, prediction_set
from ml.trust.slot import slot_reading
from ml.trust.ultrasound import ultrasound_reading

GOAL = 0.15
SCANNER_SIZE = (640, 480)
LOGITS = (0.4, -0.2, 1.1)


def main() -> None:
    args = parse_arguments()
    torch.set_num_threads(args.threads)
    facts = machine_facts("torch", "openvino", "numpy", "pillow")
    demo = load_checkpoint(demo_checkpoint(args.checkpoint))
    image = render_case(1, "lymphoma", size=SCANNER_SIZE, modalities=["2d"])["2d"].image
    with tempfile.TemporaryDirectory() as folder:
        loaded = exact_model(Path(folder), args.architecture, args.size)
        spent = time_alternately(contenders(loaded, demo, image), args.rounds)
    middle = {name: median(seconds) for name, seconds in spent.items()}
    added = {name: middle[name] / middle["engine"] for name in ("gate", "likeness", "sets", "fusion")}
    report = {
        "subject": f"{args.architecture}, {args.size} px, batch 1; gate on a SYNTHETIC image of "
        f"{SCANNER_SIZE[0]}×{SCANNER_SIZE[1]} px",
        "engine_s": round(middle["engine"], 4),
        **{f"{name}_over_engine": round(share, 4) for name, share in added.items()},
        "added_over_engine": round(sum(added.values()), 4),
        "goal": GOAL,
        "threads": args.threads,
        "rounds": args.rounds,
        "seconds": {name: summary(seconds) for name, seconds in spent.items()},
        "machine": facts,
    }
    report_keep(report, args.out)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Time what trust adds.", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--architecture", default="resnet152", help="name of the backbone")
    parser.add_argument("--size", type=int, default=384, help="input side in pixels")
    parser.add_argument("--rounds", type=int, default=15, help="counted rounds; one more warms up")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch and OpenVINO")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        default=ROOT / "var/models/demo-2d.safetensors",
        help="calibrated version; the demo is made where it is missing",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/trust.json", help="report")
    return parser.parse_args()


def exact_model(folder: Path, architecture: str, size: int) -> LoadedModel:
    """A network of the real size, answered by OpenVINO in fp32."""
    loaded = load_checkpoint(random_checkpoint(folder / "random.safetensors", architecture, size))
    room = folder / "exact"
    room.mkdir()
    convert(loaded, room)
    return LoadedModel(loaded.model, loaded.manifest, loaded.device, Engines(open_engine(room)))


def contenders(loaded: LoadedModel, demo: LoadedModel, image: Image.Image) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    trust, side = demo.trust, loaded.manifest.input_size
    if trust.likeness is None or trust.calibration is None:
        raise SystemExit("The checkpoint is not calibrated: name one of `python -m ml demo`.")
    likeness, calibration = trust.likeness, trust.calibration
    features = np.random.default_rng(0).random((1, len(likeness.features.mean)), np.float32)
    pixels = as_pixels([image], side)

    def sets() -> object:
        values = dict(zip(CLASS_NAMES, calibrated(LOGITS, calibration).tolist(), strict=True))
        return prediction_set(p_values(values, calibration), 0.9)

    return {
        "engine": lambda: predict(image, loaded),
        "gate": lambda: (slot_reading(image), ultrasound_reading(image)),
        "likeness": lambda: unlikeness(features, appearance(pixels), likeness),
        "sets": sets,
        "fusion": fusing(),
    }


def fusing() -> Callable[[], object]:
    """With stackers of the real shape; what their numbers are costs nothing."""
    chance, classes = np.random.default_rng(0), len(CLASS_NAMES)
    stackers = {
        subset: Stacker(chance.normal(size=(classes, classes * len(subset))), np.zeros(classes), 1)
        for subset in SUBSETS
    }
    fusion = Fusion({}, stackers, conflict_below=0.1)
    answer = dict(zip(CLASS_NAMES, (0.2, 0.3, 0.5), strict=True))
    answers = dict.fromkeys(MODALITIES, answer)
    return lambda: (joined(fusion, answers), agreement(answers) < fusion.conflict_below)


if __name__ == "__main__":
    main()
