"""`python -m ml audit`: do a checkpoint's maps show what the model uses?"""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ml.commands import CommandError
from ml.commands._checkpoint import add_checkpoint_arguments, open_checkpoint
from ml.commands._training import add_data_arguments, read_samples, sentences

if TYPE_CHECKING:
    from ml.audit.images import AuditImages
    from ml.audit.record import Audit
    from ml.checkpoint import LoadedModel

HELP = (
    "Check whether the maps of a checkpoint show what the model uses: without its weights, by deletion and "
    "insertion, beside occlusion, and with planted text. On phantoms that nothing was trained on unless "
    "--data names images."
)


def add_arguments(parser: ArgumentParser) -> None:
    add_checkpoint_arguments(parser)
    add_data_arguments(parser, required=False)
    parser.add_argument("--per-class", type=int, default=30, metavar="N", help="phantoms a class")
    parser.add_argument("--images", type=int, default=90, metavar="N", help="of --data, at most")
    parser.add_argument(
        "--cache", type=Path, default=Path("var/cache"), metavar="DIR", help="folder of decoded images"
    )
    parser.add_argument("--skip-broken", action="store_true", help="leave out images that cannot be read")
    parser.add_argument("--out", type=Path, metavar="FILE", help="JSON file for every figure")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="Markdown page to write")
    parser.add_argument("--page", type=Path, metavar="FILE", help="Markdown page whose table to rewrite")
    parser.add_argument(
        "--write",
        action="store_true",
        help="store the summary in the checkpoint, for the server's model card",
    )


def run(args: Namespace) -> int:
    """Exit code 1 where a part failed."""
    from ml.atomic import write_text
    from ml.audit.markdown import page, table
    from ml.audit.run import audit_maps, subject_of
    from ml.trust.page import rewrite_table

    if args.per_class < 1 or args.images < 1:
        raise CommandError("--per-class and --images must be 1 or more.")
    loaded = open_checkpoint(args)
    with sentences():
        audit = audit_maps(
            subject_of(loaded),
            _images(args, loaded),
            tick=lambda part: print(f"{part}: done", flush=True),
        )
    words = table(loaded.manifest, audit)
    print(words)
    if args.out is not None:
        write_text(args.out, json.dumps(_record(args, loaded, audit), indent=1) + "\n")
    if args.markdown is not None:
        write_text(args.markdown, page(loaded.manifest, audit))
    if args.page is not None:
        rewrite_table(args.page, "saliency", words)
    if args.write:
        _store(args, loaded, audit)
    return 1 if audit.failed else 0


def _images(args: Namespace, loaded: "LoadedModel") -> "AuditImages":
    from ml.audit.images import fresh_phantoms_of
    from ml.taxonomy import CLASS_NAMES

    manifest = loaded.manifest
    if args.data is not None:
        return _of_folder(args, loaded)
    if not manifest.synthetic or manifest.class_names != CLASS_NAMES:
        raise CommandError(
            f"{args.checkpoint} was not trained on phantoms: name images that are new to it with --data."
        )
    return fresh_phantoms_of(manifest, args.per_class)


def _of_folder(args: Namespace, loaded: "LoadedModel") -> "AuditImages":
    from ml.audit.images import folder_images
    from ml.data.cache import open_cache
    from ml.data.samples import says_synthetic

    samples = read_samples(args)
    cached = open_cache(
        samples, loaded.manifest.input_size, args.cache, skip_broken=args.skip_broken, progress=True
    )
    return folder_images(cached, args.images, synthetic=says_synthetic(samples))


def _store(args: Namespace, loaded: "LoadedModel", audit: "Audit") -> None:
    from ml.audit.store import with_audit
    from ml.checkpoint import rewrite_manifest

    rewrite_manifest(args.checkpoint, with_audit(loaded.manifest, audit))
    print(f"Stored in {args.checkpoint}.")


def _record(args: Namespace, loaded: "LoadedModel", audit: "Audit") -> dict[str, object]:
    from datetime import UTC, datetime

    from ml.audit.record import audit_as_json
    from ml.train.run import code_commit, environment

    manifest = loaded.manifest
    images = (
        f"--images {args.images} --data {args.data.name}" if args.data else f"--per-class {args.per_class}"
    )
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python -m ml audit {images}",
        "checkpoint": {
            "name": manifest.name,
            "architecture": manifest.architecture,
            "input_size": manifest.input_size,
            "tensor_sha256": manifest.tensor_sha256,
        },
        "audit": audit_as_json(audit),
        "commit": code_commit(),
        "environment": environment(),
    }
