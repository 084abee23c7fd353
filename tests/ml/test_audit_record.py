"""What a checkpoint may say about its maps, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ml.audit.markdown import page
from ml.audit.record import KEY, RULES, Audit, Figure, Part, Verdict, audit_as_json, audit_of
from ml.checkpoint import load_checkpoint, rewrite_manifest
from ml.manifest import Manifest, ManifestError, read_manifest


@pytest.fixture
def written(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    path.write_bytes(tiny_checkpoint.read_bytes())
    return path


def complete() -> Audit:
    good = {True: Figure(0.05, 0.02, 0.08), False: Figure(0.2, 0.1, 0.3)}
    parts = {
        name: Part(30, {rule.figure: good[rule.below] for rule in rules}) for name, rules in RULES.items()
    }
    return Audit(30, "phantoms", True, (5, 5), parts)


SPOILED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "format": (lambda v: v.update(format=9), "another format"),
    "part missing": (lambda v: v["parts"].pop("curves"), "curves"),
    "figure missing": (lambda v: v["parts"]["curves"].update(figures={}), "lacks gain"),
    "not in its interval": (lambda v: v["parts"]["curves"]["figures"]["gain"].update(high=0.0), "interval"),
    "not a number": (lambda v: v["parts"]["curves"]["figures"]["gain"].update(high="1"), "finite"),
    "no images": (lambda v: v.update(images=0), "whole number"),
    "long source": (lambda v: v.update(source="x" * 501), "characters"),
    "synthetic": (lambda v: v.update(synthetic="yes"), "true nor false"),
    "no object": (lambda v: v["parts"].update(curves=None), "subscriptable"),
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_record_that_is_unfit_is_refused(
    case: str, written: Path, make_manifest: Callable[..., Manifest]
) -> None:
    spoil, words = SPOILED[case]
    stored = json.loads(json.dumps(audit_as_json(complete())))
    spoil(stored)
    manifest = read_manifest(written)
    rewrite_manifest(written, replace(manifest, extras={**manifest.extras, KEY: stored}))
    with pytest.raises(ManifestError, match=words) as refused:
        load_checkpoint(written)
    assert refused.value.code == "audit_invalid"


def test_a_file_cannot_claim_a_verdict(make_manifest: Callable[..., Manifest]) -> None:
    stored = audit_as_json(complete())
    assert audit_of({KEY: stored}) == complete()
    assert complete().outcome is Verdict.PASSED
    stored["parts"]["curves"]["figures"]["gain"] = {"value": -0.1, "low": -0.2, "high": -0.05}
    read_again = audit_of({KEY: stored})
    assert read_again is not None
    assert stored["parts"]["curves"]["verdict"] == "passed"
    assert read_again.failed == ("curves",)
    assert "| no |" in page(make_manifest(), read_again)
