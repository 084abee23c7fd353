"""`python -m ml datasets list | download | verify`: the published sets, their licence and origin."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ml.datasets.catalogue import Dataset
    from ml.datasets.verify import Verification

HELP = (
    "The six published sets of the paper: list them with licence and source, download the open ones "
    "(resumable, checksummed), verify what lies in a folder and compare it with the paper's Table 1."
)
DEFAULT_ROOT = Path("var/datasets")


def add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True, dest="action")
    listing = actions.add_parser("list", help="names, counts, licences, how to get them")
    listing.add_argument("name", metavar="NAME", nargs="?", help="one set, with every detail")
    download = actions.add_parser("download", help="fetch a set; run again to go on after a failure")
    download.add_argument("name", metavar="NAME", help="name from `datasets list`, or all (every open one)")
    verify = actions.add_parser("verify", help="check files, counts and the paper's Table 1")
    verify.add_argument("name", metavar="NAME", help="name from `datasets list`")
    verify.add_argument("--folder", metavar="DIR", type=Path, help="where the set lies (default ROOT/NAME)")
    verify.add_argument("--manifest", metavar="FILE", type=Path, help="default FOLDER/dataset.json")
    for action in (listing, download, verify):
        action.add_argument(
            "--root",
            metavar="DIR",
            type=Path,
            default=DEFAULT_ROOT,
            help="folder of all sets (default %(default)s)",
        )
        action.add_argument("--catalogue", metavar="FILE", type=Path, help="another catalogue (TOML)")
    listing.add_argument("--json", action="store_true", help="print JSON")


def run(args: Namespace) -> int:
    from ml.datasets.catalogue import CATALOGUE, load_catalogue

    actions: dict[str, Callable[[Namespace, dict[str, Dataset]], int]] = {
        "list": _list,
        "download": _download,
        "verify": _verify,
    }
    return actions[args.action](args, load_catalogue(args.catalogue or CATALOGUE))


def _list(args: Namespace, catalogue: "dict[str, Dataset]") -> int:
    from ml.datasets.catalogue import choose

    if args.json:
        print(json.dumps({name: vars(dataset) for name, dataset in catalogue.items()}, indent=1))
    elif args.name:
        print("\n".join(_details(choose(catalogue, args.name), args.root)))
    else:
        print(f"{'name':12} {'body part':11} {'images':>6}  {'access':7} {'here':5} licence")
        for dataset in catalogue.values():
            images = dataset.paper.total if dataset.paper else "?"
            here = "yes" if (args.root / dataset.name).is_dir() else "no"
            line = f"{dataset.name:12} {dataset.body_part:11} {images:>6}  {dataset.access:7} {here:5}"
            print(f"{line} {dataset.licence}")
        print(
            "images: the paper's Table 1. open: `datasets download NAME`. manual, form: `datasets list NAME`."
        )
    return 0


def _details(dataset: "Dataset", root: Path) -> list[str]:
    lines = [
        dataset.title,
        f"Page: {dataset.page}",
        f"Licence: {dataset.licence}",
        f"Cite: {dataset.citation}",
    ]
    if dataset.paper:
        counts = ", ".join(f"{name} {count}" for name, count in dataset.paper.counts.items())
        lines.append(f"Paper, Table 1: {dataset.paper.total} images ({counts})")
    lines += [f"Note: {line}" for line in dataset.known]
    if dataset.access == "open":
        lines.append(f"Fetch: python -m ml datasets download {dataset.name}")
    else:
        lines += [dataset.instructions.strip(), f"Folder: {root / dataset.name}"]
    return lines


def _download(args: Namespace, catalogue: "dict[str, Dataset]") -> int:
    from ml.datasets.catalogue import choose
    from ml.datasets.download import download

    wanted = [d for d in catalogue.values() if d.access == "open"] if args.name == "all" else []
    for dataset in wanted or [choose(catalogue, args.name)]:
        print(f"{dataset.title}. Licence: {dataset.licence}. Please cite {dataset.citation}.")
        folder = download(dataset, args.root, progress=_bar)
        print(f"{dataset.name} lies in {folder}.")
        verify_args = Namespace(name=dataset.name, folder=folder, manifest=None, root=args.root)
        _verify(verify_args, catalogue)
    return 0


def _verify(args: Namespace, catalogue: "dict[str, Dataset]") -> int:
    from ml.datasets.catalogue import choose
    from ml.datasets.verify import verify, write_manifest

    dataset = choose(catalogue, args.name)
    found = verify(dataset, args.folder or args.root / dataset.name, args.manifest)
    _print_verification(found)
    if not found.manifest_existed and found.intact:
        try:
            print(
                f"Manifest written: {write_manifest(found, args.manifest)}. The next verify compares with it."
            )
        except OSError as error:
            print(f"No manifest was written ({error.strerror}); name a place for it with --manifest.")
    return 0 if found.intact else 1


def _print_verification(found: "Verification") -> None:
    facts = found.facts
    counts = ", ".join(f"{name} {count}" for name, count in facts["class_counts"].items())
    patients = "patients unknown" if facts["patients"] is None else f"{facts['patients']} patients"
    print(f"{facts['images']} images ({counts}), {patients}. Licence: {facts['licence']}.")
    for line in [*facts["notes"], *found.dataset.known]:
        print(f"Note: {line}")
    for line in found.differences:
        print(f"Differs from the paper: {line}.")
    if not found.differences and found.dataset.paper:
        print("Counts and sizes are those of the paper's Table 1.")
    for line in found.broken[:20]:
        print(f"BROKEN: {line}.")
    if len(found.broken) > 20:
        print(f"BROKEN: and {len(found.broken) - 20} more.")
    if found.manifest_existed and found.intact:
        print("Every file is as the manifest says.")


def _bar(name: str) -> "Callable[[int, int | None], None]":
    from tqdm import tqdm

    bar = tqdm(desc=name, unit="B", unit_scale=True, unit_divisor=1000)

    def show(done: int, total: int | None) -> None:
        bar.total = total
        bar.update(done - bar.n)
        if total is not None and done >= total:
            bar.close()

    return show
