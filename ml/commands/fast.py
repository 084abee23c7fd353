"""`python -m ml fast`: measure int8 answers of finished checkpoints and store what was found in them."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.commands import CommandError
from ml.commands._training import add_data_arguments, add_machine_arguments, read_samples, sentences

if TYPE_CHECKING:
    from ml.fast.images import LabelledImages
    from ml.manifest import Manifest

HELP = (
    "Measure a checkpoint's fast (int8) answers against its exact ones on 500 or more images and store the "
    "figures in it; the server uses fast mode only where they are good enough."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("checkpoints", nargs="+", type=Path, metavar="FILE", help=".safetensors files")
    add_data_arguments(parser, required=False)
    add_machine_arguments(parser)


def run(args: Namespace) -> int:
    """Exit code 1 where a checkpoint misses a goal: it stays exact, and its manifest says why."""
    import torch

    if args.threads:
        torch.set_num_threads(args.threads)
    return max(_prove(args, path) for path in args.checkpoints)


def _prove(args: Namespace, path: Path) -> int:
    from ml.manifest import read_manifest

    manifest = read_manifest(path, classes=None)
    with sentences():
        record = prove_checkpoint(path, manifest, _images(args, manifest) if args.data else None)
    print(f"{path}: {summary(record)}")
    return 0 if record["allowed"] else 1


def prove_checkpoint(
    path: Path, manifest: "Manifest", images: "LabelledImages | None" = None
) -> dict[str, Any]:
    """Measure with a progress bar; fresh phantoms where no images are given."""
    import os

    from tqdm import tqdm

    from ml.engines.runtime import EngineUnavailable
    from ml.fast.images import MEASURED, fresh_phantoms
    from ml.fast.prove import NotProvable, add_proof
    from ml.taxonomy import CLASS_NAMES

    if images is None and manifest.class_names != CLASS_NAMES:
        raise CommandError("There are phantoms for the server's classes alone: give images with --data.")
    count = len(images.labels) * 2 if images else MEASURED.count * 3
    with tqdm(total=count, desc=f"{manifest.name}: fast mode", unit="image") as bar:
        if images is None:
            images = fresh_phantoms(
                manifest.image_modality, manifest.input_size, processes=os.cpu_count() or 1, tick=bar.update
            )
        try:
            return add_proof(path, images, tick=bar.update)
        except (NotProvable, EngineUnavailable) as error:
            raise CommandError(f"Fast mode can't be measured: {error}") from None


def summary(record: dict[str, Any]) -> str:
    """One line for the screen."""
    figures = record["figures"]
    numbers = (
        f"{figures['class_agreement']:.2%} of the classes agree, AUC {figures['auc_loss']:.4f} lower, maps "
        f"correlate {figures['map_correlation_median']:.3f} (5th percentile "
        f"{figures['map_correlation_p5']:.3f}), {figures['recomputed_share']:.1%} computed twice, on "
        f"{figures['images']} images"
    )
    verdict = "fast mode allowed" if record["allowed"] else "exact mode only"
    return f"{verdict}: {numbers}."


def _images(args: Namespace, manifest: "Manifest") -> "LabelledImages":
    import numpy as np

    from ml.data.cache import open_cache
    from ml.fast.images import LabelledImages

    samples = read_samples(args)
    if samples.class_names != manifest.class_names:
        raise CommandError(
            f"The images have the classes {', '.join(samples.class_names)}, the checkpoint "
            f"{', '.join(manifest.class_names)}."
        )
    cached = open_cache(samples, manifest.input_size, args.cache, skip_broken=args.skip_broken, progress=True)
    source = f"{len(cached)} images of the set {samples.name} ({cached.fingerprint})"
    return LabelledImages(cached.images, np.array(cached.samples.labels, np.int64), source)
