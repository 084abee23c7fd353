"""Names of converted models: everything that they were made of, and what for."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ml.fast.record import FastRecord
from ml.manifest import Manifest

FORMAT = 2  # of the folder; raise it when the conversion changes
# What decides how int8 is computed, the weakest first.
INSTRUCTION_SETS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8")


def exact_key(manifest: Manifest) -> str:
    """Folder name of the fp32 model."""
    return f"{_digest(manifest)}-exact-{processor_kind()}"


def fast_key(manifest: Manifest, record: FastRecord) -> str:
    """Folder name of the int8 model."""
    return f"{_digest(manifest, record.checksum, installed('nncf'))}-fast-{processor_kind()}"


def installed(package: str) -> str:
    """The version of a package, empty where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@cache
def processor_kind() -> str:
    """The strongest instruction set that matters here; "plain" where there is none or nobody says."""
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:
        flags = set()
    return next((name for name in reversed(INSTRUCTION_SETS) if name in flags), "plain")


def _digest(manifest: Manifest, *more: str) -> str:
    parts = [
        FORMAT,
        installed("openvino"),
        manifest.tensor_sha256,
        manifest.architecture,
        manifest.input_size,
        manifest.mean,
        manifest.std,
        *more,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
