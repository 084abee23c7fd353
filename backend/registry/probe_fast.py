"""The part of the probe that looks at fast mode: does this machine find what was measured at export?"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend.registry.findings import Finding
from ml.checkpoint import LoadedModel
from ml.engines.convert import read_facts
from ml.engines.keys import exact_key, fast_key
from ml.engines.prepare import prepare
from ml.engines.runtime import EngineUnavailable
from ml.engines.store import EngineStore
from ml.fast.record import FastRecord, read_fast, shortfalls
from ml.manifest import ManifestError

STORE = "ENGINE_STORE"  # environment: where the workers look for converted models


def fast_findings(path: Path, loaded: LoadedModel) -> Iterator[Finding]:
    """`fast_mode` for a file that has a record of it; it never blocks, because exact mode needs none."""
    try:
        record = read_fast(loaded.manifest)
    except ManifestError as error:
        yield _finding(False, error.detail, {"reason": error.code})
        return
    if record is None:
        return
    missed = shortfalls(record.figures)
    if missed:
        yield _finding(False, f"The version answers in exact mode: at export {'; '.join(missed)}.")
        return
    yield _tried(path, loaded, record)


def _tried(path: Path, loaded: LoadedModel, record: FastRecord) -> Finding:
    """Convert, compare; what was made stays for the workers where they say so."""
    with tempfile.TemporaryDirectory() as scratch:
        store = EngineStore(Path(os.environ.get(STORE) or scratch))
        try:
            prepare(path, store, fast=True)
        except (EngineUnavailable, RuntimeError, OSError) as error:
            return _finding(False, f"Fast mode can't be tried here ({error}): the version answers exactly.")
        manifest = loaded.manifest
        for key in (exact_key(manifest), fast_key(manifest, record)):
            folder = store.use(key)
            facts = read_facts(folder) if folder else {"usable": False, "reason": "not converted"}
            if not facts["usable"]:
                return _finding(
                    False,
                    f"Fast mode is not used here ({facts['reason']}): the version answers exactly.",
                    facts,
                )
    return _finding(True, f"Fast mode does here what it did at export: {_words(facts)}", facts)


def _words(facts: dict[str, Any]) -> str:
    return (
        f"on {facts['pictures']} synthetic images {facts['class_agreement']:.0%} of the classes agree with "
        f"exact mode, and the maps correlate by {facts['map_correlation_median']:.3f}."
    )


def _finding(passed: bool, detail: str, measured: dict[str, Any] | None = None) -> Finding:
    return Finding("fast_mode", passed, detail, blocking=False, measured=measured)
