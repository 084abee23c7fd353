"""The check of fast mode: silent without a record, never blocking; what it converts serves the workers."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from backend.registry.findings import Finding
from backend.registry.probe_fast import STORE, fast_findings
from backend.registry.services import _row_manifest
from ml.checkpoint import load_checkpoint, rewrite_manifest
from ml.fast.images import calibration_files
from ml.fast.prove import with_record
from ml.fast.record import KEY, Figures, record_as_json
from ml.manifest import read_manifest
from tests.tiny_models import tiny_checkpoint

GOOD = Figures(510, 1.0, 0.0, 0.99, 0.95, 0.03)
SURE = 1e6  # a margin that has every answer computed twice: fast mode can't be wrong then


def with_fast(path: Path, figures: Figures, margin: float) -> Path:
    """The checkpoint with a record of fast mode."""
    manifest = read_manifest(path)
    files = calibration_files(manifest.modality, 64)[:3]
    record = record_as_json(figures, margin, "none", files, {"processor": "none"})
    rewrite_manifest(path, with_record(manifest, record))
    return path


def found(path: Path) -> list[Finding]:
    return list(fast_findings(path, load_checkpoint(path)))


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return tiny_checkpoint(tmp_path, "2d", seed=4)


def test_a_version_without_a_record_is_not_asked(checkpoint: Path) -> None:
    assert found(checkpoint) == []


def test_figures_below_the_goals_keep_it_exact(checkpoint: Path) -> None:
    [finding] = found(with_fast(checkpoint, replace(GOOD, map_correlation_p5=0.5), SURE))
    assert (finding.code, finding.passed, finding.blocking) == ("fast_mode", False, False)
    assert "0.500" in finding.detail


def test_a_record_that_cannot_be_read_is_named(checkpoint: Path) -> None:
    manifest = read_manifest(checkpoint)
    rewrite_manifest(checkpoint, with_record(manifest, {"format": 1, "figures": asdict(GOOD)}))
    [finding] = found(checkpoint)
    assert not finding.passed
    assert finding.measured == {"reason": "fast_invalid"}


def test_what_holds_here_too_is_ready_for_the_workers(
    checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STORE, str(tmp_path / "engines"))
    [finding] = found(with_fast(checkpoint, GOOD, SURE))
    assert finding.passed, finding.detail
    assert finding.measured["class_agreement"] == 1.0
    kinds = sorted(path.name.split("-")[1] for path in (tmp_path / "engines").glob("[!.]*"))
    assert kinds == ["exact", "fast"]


def test_errors_above_the_margin_are_found(checkpoint: Path) -> None:
    [finding] = found(with_fast(checkpoint, GOOD, 0.0))
    assert not finding.passed
    assert finding.measured["errors_within_margin"] < 0.9


def test_the_row_keeps_no_pictures(checkpoint: Path) -> None:
    kept = _row_manifest(read_manifest(with_fast(checkpoint, GOOD, SURE)))["extras"]
    assert kept[KEY]["calibration"] == 3
    assert kept[KEY]["figures"]["images"] == 510
    assert kept["golden"]["images"] == 3
