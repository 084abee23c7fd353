"""`python -m ml.engines.prepare CHECKPOINT STORE`: the checkpoint's converted models, where they are missing.

A process of its own: what conversion needs of memory leaves with it, and answers don't wait for it.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import logging
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ml.engines.keys import exact_key, fast_key
from ml.engines.store import EngineStore
from ml.fast.record import FastRecord, read_fast
from ml.manifest import Manifest, ManifestError, read_manifest

if TYPE_CHECKING:
    from ml.checkpoint import LoadedModel

logger = logging.getLogger(__name__)
PR_SET_PDEATHSIG = 1


def prepare(path: Path, store: EngineStore, *, fast: bool) -> None:
    """Make what is missing; `fast` only where the checkpoint allows it. Waits for others that prepare."""
    manifest = read_manifest(path, classes=None)
    record = allowed_record(manifest) if fast else None
    with store.building():
        if not store.has(exact_key(manifest)):
            from ml.engines.convert import convert  # noqa: PLC0415  torch, for seconds: only when needed

            store.make(exact_key(manifest), lambda folder: convert(_loaded(path), folder))
        if record is not None and not store.has(fast_key(manifest, record)):
            _make_fast(path, store, manifest, record)


def allowed_record(manifest: Manifest) -> FastRecord | None:
    """What the checkpoint says about fast mode, where that is good enough."""
    try:
        record = read_fast(manifest)
    except ManifestError as error:
        logger.warning("fast mode is not used: %s", error.detail)
        return None
    return record if record is not None and record.allowed else None


def _make_fast(path: Path, store: EngineStore, manifest: Manifest, record: FastRecord) -> None:
    from ml.engines.convert import read_facts, write_facts  # noqa: PLC0415  as above
    from ml.engines.openvino_engine import open_engine  # noqa: PLC0415
    from ml.engines.quantise import quantise  # noqa: PLC0415
    from ml.fast.check import check  # noqa: PLC0415

    exact = store.use(exact_key(manifest))
    if exact is None or not read_facts(exact)["usable"]:
        return

    def build(folder: Path) -> None:
        loaded = _loaded(path)
        quantise(exact, loaded, record.pictures, folder)
        facts = check(loaded, record, open_engine(exact), open_engine(folder, fast=True))
        write_facts(folder, facts)

    store.make(fast_key(manifest, record), build)


def _loaded(path: Path) -> LoadedModel:
    from ml.checkpoint import load_checkpoint  # noqa: PLC0415  as above

    return load_checkpoint(path, classes=None)


def _step_back() -> None:
    """Lowest priority; end with the parent; be the first to go when memory runs out."""
    os.nice(19)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("store", type=Path)
    parser.add_argument(
        "--fast", action="store_true", help="the int8 model too, where the checkpoint allows it"
    )
    args = parser.parse_args()
    _step_back()
    prepare(args.checkpoint, EngineStore(args.store), fast=args.fast)


if __name__ == "__main__":
    main()
