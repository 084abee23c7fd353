"""`python -m backend.registry.probe FILE`: examines a checkpoint and prints a finding a line.

It knows no Django, and runs in a process of its own (see `prober`): what it loads is a stranger's file, and
torch leaves with it.
"""

import contextlib
import ctypes
import json
import resource
import signal
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

import torch
from PIL import Image
from safetensors import SafetensorError

from backend.registry.findings import END, Finding
from backend.registry.probe_fast import fast_findings
from backend.registry.probe_fusion import fusion_findings, is_fusion
from backend.registry.probe_maps import audit_finding, map_findings
from ml.checkpoint import LoadedModel, load_checkpoint
from ml.golden import Golden, read_golden
from ml.manifest import ManifestError
from ml.predict import Result, predict, predict_batch

PR_SET_PDEATHSIG = 1
TIMED_RUNS = 3
SLOW_MS = 10_000
LARGE_MIB = 8 * 1024

# The steps of `load_checkpoint` in their order: the code of an error tells which one it was.
_STEPS = {
    "file_readable": {"not_safetensors", "truncated", "pickle_refused", "header_too_large", "unreadable"},
    "manifest_complete": {
        "manifest_missing", "manifest_invalid", "manifest_incomplete", "format_version", "unknown_modality",
        "preprocessing_version", "trust_invalid", "audit_invalid",
    },
    "class_order": {"wrong_classes"},
    "weights_hash": {"wrong_hash"},
    "weights_finite": {"not_finite"},
    "architecture_shapes": {"unknown_architecture", "wrong_tensors", "wrong_shapes"},
}  # fmt: skip


def examine(path: Path) -> Iterator[Finding]:
    """Every finding, in the order of the look; what makes the rest pointless ends it."""
    if is_fusion(path):
        yield from fusion_findings(path)
        return
    loaded = None
    try:
        loaded = load_checkpoint(path)
    except ManifestError as error:
        yield from _until(error.code, error.detail)
    except (SafetensorError, OSError) as error:
        yield from _until("unreadable", f"The file can't be read: {error}.")
    if loaded is not None:
        yield from _loaded_well(path, loaded)
        yield from _examine_answers(path, loaded)


def _until(code: str, detail: str) -> Iterator[Finding]:
    """What went well before the step that failed, then the failure."""
    for step, codes in _STEPS.items():
        if code in codes:
            yield Finding(step, False, detail, measured={"reason": code})
            return
        yield Finding(step, True, _WENT_WELL[step])
    raise ValueError(f"{code} is the failure of no step: {detail}")


_WENT_WELL = {
    "file_readable": "The file is a whole safetensors file.",
    "manifest_complete": "The manifest is complete.",
    "class_order": "The classes are the server's, in its order.",
    "weights_hash": "The weights are those that the manifest was written for (sha256).",
    "weights_finite": "No weight is NaN or infinite.",
    "architecture_shapes": "The weights fit the architecture.",
}


def _loaded_well(path: Path, loaded: LoadedModel) -> Iterator[Finding]:
    manifest = loaded.manifest
    numbers = sum(tensor.numel() for tensor in loaded.model.state_dict().values())
    sentences = {
        **_WENT_WELL,
        "file_readable": f"The file is a whole safetensors file of {path.stat().st_size / 1e6:.1f} MB.",
        "manifest_complete": f"The manifest is complete (format version {manifest.format_version}).",
        "class_order": f"The classes are {', '.join(manifest.class_names)}, in this order.",
        "weights_finite": f"None of the {numbers / 1e6:.1f} million weights is NaN or infinite.",
        "architecture_shapes": f"The weights fit a {manifest.architecture} at {manifest.input_size} pixels.",
    }
    for step in _STEPS:
        yield Finding(step, True, sentences[step])


def _examine_answers(path: Path, loaded: LoadedModel) -> Iterator[Finding]:
    try:
        golden = read_golden(loaded.manifest)
    except ManifestError as error:
        yield Finding("golden_present", False, error.detail, measured={"reason": error.code})
        return
    yield Finding(
        "golden_present", True, f"The file carries {len(golden.images)} synthetic images with their answers."
    )
    results = predict_batch([item.image for item in golden.images], loaded)
    yield golden_answers(golden, results)
    yield _latency(loaded, golden.images[0].image)
    yield from fast_findings(path, loaded)
    yield audit_finding(loaded.manifest)
    yield from map_findings(loaded, golden, results)  # shuffles the weights: nothing is asked afterwards
    yield _memory(loaded)


def golden_answers(golden: Golden, results: list[Result]) -> Finding:
    """Logits and probabilities are those in the file; a large logit may be off by more than a small one."""
    pairs = list(zip(golden.images, results, strict=True))
    off = max(
        abs(now - then) / max(1.0, abs(then))
        for item, result in pairs
        for now, then in zip(result.logits, item.logits, strict=True)
    )
    unlike = max(
        abs(now - then)
        for item, result in pairs
        for now, then in zip(result.raw_probabilities.values(), item.probabilities, strict=True)
    )
    good = max(off, unlike) <= golden.tolerance
    detail = (
        f"The {len(pairs)} golden images get the answers that the file names"
        if good
        else "The golden images get other answers than the file names: these are not the weights, or not the "
        "order of classes, that it was exported with"
    )
    return Finding(
        "golden_answers",
        good,
        f"{detail} (largest difference {max(off, unlike):.1e}, allowed {golden.tolerance:.0e}).",
        measured={"logits": off, "probabilities": unlike, "allowed": golden.tolerance}
        | ({} if good else {"reason": "golden_answers"}),
    )


def _latency(loaded: LoadedModel, image: Image.Image) -> Finding:
    """Measured, never a reason to refuse: the machine may be busy."""
    runs, busy = [], []
    for _ in range(TIMED_RUNS):
        began, worked = perf_counter(), process_time()
        predict(image, loaded)
        runs.append((perf_counter() - began) * 1000)
        busy.append((process_time() - worked) * 1000)
    took, cost, threads = statistics.median(runs), statistics.median(busy), torch.get_num_threads()
    slow = took > SLOW_MS
    detail = (
        f"One image took {took:.0f} ms on this machine's processor, {cost:.0f} ms of its time in {threads} "
        f"thread{'s' if threads > 1 else ''}{': that is slow.' if slow else '.'}"
    )
    measured = {"ms": round(took, 1), "processor_ms": round(cost, 1), "threads": threads, "runs": TIMED_RUNS}
    return Finding("latency", not slow, detail, blocking=False, measured=measured)


def _memory(loaded: LoadedModel) -> Finding:
    """Measured, never a reason to refuse."""
    held = sum(tensor.nbytes for tensor in loaded.model.state_dict().values()) / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    detail = f"Loaded it holds {held:.0f} MiB; the whole check needed {peak:.0f} MiB at most."
    measured = {"loaded_mib": round(held, 1), "peak_mib": round(peak, 1)}
    return Finding("memory", peak <= LARGE_MIB, detail, blocking=False, measured=measured)


def _go_first() -> None:
    """Linux: end with the parent, and be the first to go when memory runs out."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")


def main(path: Path) -> None:
    """Print the findings, one JSON object a line, and that these are all."""
    _go_first()
    said = sys.stdout
    sys.stdout = sys.stderr  # whatever a library prints is no finding
    for finding in examine(path):
        said.write(json.dumps(finding.as_json()) + "\n")
        said.flush()
    said.write(json.dumps(END) + "\n")
    said.flush()  # at the end Python flushes what stands in `sys.stdout`, which is another stream now


if __name__ == "__main__":
    main(Path(sys.argv[1]))
