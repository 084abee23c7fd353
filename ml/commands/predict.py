"""`python -m ml predict`: class probabilities of images, on the screen or as JSON."""

import json
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from ml.commands._checkpoint import add_checkpoint_arguments, open_checkpoint, print_notes

if TYPE_CHECKING:
    from ml.checkpoint import LoadedModel

HELP = "Probability of each class for one or more images of the checkpoint's modality."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="PNG, JPEG, BMP, TIFF or WebP file")
    add_checkpoint_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")


def run(args: Namespace) -> int:
    """Exit code 2 if an image could not be read; the others are answered all the same."""
    loaded = open_checkpoint(args)
    answers = [_answer(path, loaded, quiet=args.json) for path in args.images]
    if args.json:
        print(json.dumps(_document(loaded, answers), indent=2, ensure_ascii=False))
    else:
        print_notes(loaded.manifest)
    return 2 if any(answer["error"] for answer in answers) else 0


def _answer(path: str, loaded: "LoadedModel", *, quiet: bool) -> dict[str, Any]:
    from ml.images import UnreadableImageError, open_image
    from ml.predict import predict

    try:
        result = predict(open_image(path), loaded)
    except UnreadableImageError as error:
        print(f"error: {error}", file=sys.stderr)
        return {"image": path, "probabilities": None, "timings_ms": None, "error": str(error)}
    if not quiet:
        shares = "  ".join(f"{name} {value:6.1%}" for name, value in result.probabilities.items())
        print(f"{path}:  {shares}  ({result.timings_ms['total'] / 1000:.2f} s)", flush=True)
    timings = {step: round(spent, 1) for step, spent in result.timings_ms.items()}
    return {"image": path, "probabilities": result.probabilities, "timings_ms": timings, "error": None}


def _document(loaded: "LoadedModel", answers: list[dict[str, Any]]) -> dict[str, Any]:
    manifest = loaded.manifest
    return {
        "checkpoint": {
            "name": manifest.name,
            "architecture": manifest.architecture,
            "modality": manifest.modality,
            "synthetic": manifest.synthetic,
            "tensor_sha256": manifest.tensor_sha256,
        },
        "images": answers,
        "research_use_only": True,
    }
