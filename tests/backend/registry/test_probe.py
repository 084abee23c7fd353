"""What the examination finds, and what becomes of an examination that dies."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from django.conf import LazySettings

from backend.registry import prober
from backend.registry.findings import BLOCKING, MEASURED, Finding, first_failure, is_passed
from backend.registry.probe import examine
from backend.registry.probe_maps import map_needs_weights
from backend.registry.prober import ProbeDied, probe
from ml.audit.record import KEY, PARTS, Audit, Figure, Part, audit_as_json
from tests.backend.registry import bad_models
from tests.factories import checkpoint_write
from tests.tiny_models import tiny_checkpoint


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("good"), "2d", seed=11)


def by_code(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.code: finding for finding in findings}


def test_a_good_version_passes_everything_in_words(good: Path) -> None:
    found = list(examine(good))
    assert [item.code for item in found if item.blocking] == list(BLOCKING)
    assert {item.code for item in found if not item.blocking} == set(MEASURED)
    assert is_passed(item.as_json() for item in found)
    for item in found:
        assert item.detail.endswith(".")
    numbers = by_code(found)
    assert numbers["latency"].measured["ms"] > 0
    assert numbers["memory"].measured["loaded_mib"] == pytest.approx(43.1, abs=1)
    assert numbers["golden_answers"].measured["logits"] < 1e-4
    assert numbers["map_follows_class"].measured["between_classes"] > 0.05
    assert numbers["map_needs_weights"].measured["change"] > 0.05


BAD: dict[str, tuple[str, str, Callable[[Path, Path], Path]]] = {
    "wrong shapes": ("architecture_shapes", "wrong_shapes", bad_models.with_wrong_shapes),
    "wrong tensors": ("architecture_shapes", "wrong_tensors", bad_models.with_wrong_tensors),
    "NaN": ("weights_finite", "not_finite", bad_models.with_nan),
    "swapped classes": ("golden_answers", "golden_answers", bad_models.with_swapped_classes),
    "no golden images": ("golden_present", "golden_missing", bad_models.without_golden),
    "one map for all": ("map_follows_class", "map_follows_class", bad_models.with_one_map),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_version_fails_where_it_is_bad(good: Path, tmp_path: Path, case: str) -> None:
    code, reason, make = BAD[case]
    found = [item.as_json() for item in examine(make(good, tmp_path / "bad.safetensors"))]
    assert not is_passed(found)
    failed = [item["code"] for item in found if not item["passed"] and item["blocking"]]
    assert failed[0] == code
    assert first_failure(found)[0] == reason
    before = BLOCKING[: BLOCKING.index(code)]
    assert all(item["passed"] for item in found if item["code"] in before)


def test_maps_that_nobody_audited_or_that_failed_are_noted_and_block_nothing(
    good: Path, tmp_path: Path
) -> None:
    missing = by_code(list(examine(good)))["map_audit"]
    assert (missing.passed, missing.blocking, missing.measured["reason"]) == (False, False, "missing")
    for value, passed in ((0.02, True), (0.76, False)):
        change = Figure(value, value - 0.01, value + 0.01)
        parts = {name: Part(0, {}, "not asked") for name in PARTS} | {
            "planted_text": Part(40, {"probability_change": change})
        }
        stored = audit_as_json(Audit(40, "phantoms", True, (5, 5), parts))
        path = bad_models.spoiled(
            good, tmp_path / "audited.safetensors", manifest=lambda v, s=stored: v["extras"].update({KEY: s})
        )
        found = list(examine(path))
        assert is_passed(item.as_json() for item in found)
        assert by_code(found)["map_audit"].passed is passed


def test_what_the_header_tells_is_found_too(tmp_path: Path) -> None:
    cases = {
        "manifest_complete": {"input_size": 7},
        "class_order": {"class_names": ("benign", "metastatic", "lymphoma")},
        "weights_hash": {"tensor_sha256": "0" * 64},
    }
    for code, changes in cases.items():
        assert not by_code(list(examine(checkpoint_write(tmp_path, **changes))))[code].passed
    assert [item.passed for item in examine(tmp_path / "nowhere")] == [False]


def test_a_finding_that_is_missing_blocks() -> None:
    every = [Finding(code, True, "fine.").as_json() for code in BLOCKING]
    assert is_passed(every)
    for left_out in range(len(every)):
        assert not is_passed(every[:left_out] + every[left_out + 1 :])
    assert first_failure(every[:-1])[0] == "check_incomplete"


def test_maps_that_ignore_the_weights_fail() -> None:
    assert not map_needs_weights(0.0).passed
    assert map_needs_weights(0.2).passed


def test_the_child_says_the_same(good: Path, tmp_path: Path) -> None:
    assert is_passed(item.as_json() for item in probe(good, seconds=200))
    bad = probe(bad_models.with_nan(good, tmp_path / "bad.safetensors"), seconds=200)
    assert first_failure([item.as_json() for item in bad])[0] == "not_finite"


def test_a_killed_child_is_no_answer(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system kills it when memory runs out."""
    monkeypatch.setattr(prober, "BEAT_S", 0.2)

    def kill() -> None:
        for child in psutil.Process().children():
            os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(ProbeDied, match="killed by signal 9"):
        probe(good, every=kill, seconds=200)


def test_a_child_that_takes_too_long_is_stopped(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prober, "BEAT_S", 0.1)
    before = set(psutil.Process().children())  # of tests that ran in this process before
    with pytest.raises(ProbeDied, match="stopped after 1 s"):
        probe(good, seconds=1)
    assert not set(psutil.Process().children()) - before


def test_a_child_that_breaks_off_says_why(good: Path, tmp_path: Path, settings: LazySettings) -> None:
    settings.BASE_DIR = tmp_path  # where the program is not
    with pytest.raises(ProbeDied, match=r"broke off: .*No module named") as caught:
        probe(good, seconds=200)
    assert caught.value.findings == []


def test_a_folder_is_no_checkpoint(tmp_path: Path) -> None:
    assert first_failure([item.as_json() for item in examine(tmp_path)])[0] == "unreadable"
