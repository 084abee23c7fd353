"""The guard of `make bench`: what got a fifth worse is named, what got better is not."""

import json
from pathlib import Path

import pytest

from benchmarks.harness.compare import FOLDER, worse

ACCEPTED = {
    "inference": {
        "exact_over_eager": {"accepted": 0.5, "better": "lower"},
        "peer_over_exact": {"accepted": 12.0, "better": "higher"},
    },
    "memory": {"exact.uss_mib": {"accepted": 1000, "better": "lower"}},
}


@pytest.mark.parametrize(
    ("inference", "memory", "named"),
    [
        ({"exact_over_eager": 0.59, "peer_over_exact": 10.1}, 1190, []),
        ({"exact_over_eager": 0.1, "peer_over_exact": 50.0}, 10, []),
        ({"exact_over_eager": 0.61, "peer_over_exact": 12.0}, 1000, ["inference.exact_over_eager"]),
        (
            {"exact_over_eager": 0.5, "peer_over_exact": 9.9},
            1201,
            ["inference.peer_over_exact", "memory.exact"],
        ),
        ({"exact_over_eager": None, "peer_over_exact": 12.0}, 1000, ["inference.exact_over_eager"]),
        ({"peer_over_exact": 12.0}, 1000, ["inference.exact_over_eager"]),
    ],
)
def test_a_fifth_worse_is_noticed(inference: dict, memory: float, named: list[str], tmp_path: Path) -> None:
    machine = {"machine": {"instruction_sets": []}}
    (tmp_path / "inference.json").write_text(json.dumps(inference | machine))
    (tmp_path / "memory.json").write_text(json.dumps({"exact": {"uss_mib": memory}} | machine))
    found = list(worse(ACCEPTED, tmp_path))
    assert len(found) == len(named)
    assert all(sentence.startswith(name) for sentence, name in zip(found, named, strict=True))


@pytest.mark.parametrize(
    ("sets", "value", "named"),
    [(["avx2", "avx512_vnni"], 0.23, 1), (["avx2"], 0.23, 0), (["avx2"], 0.49, 1), ([], 0.1, 1)],
)
def test_what_belongs_to_a_kind_of_processor_is_compared_with_its_own_kind(
    sets: list[str], value: float, named: int, tmp_path: Path
) -> None:
    accepted = {"inference": {"fast": {"accepted": {"avx512_vnni": 0.19, "avx2": 0.4}, "better": "lower"}}}
    (tmp_path / "inference.json").write_text(
        json.dumps({"fast": value, "machine": {"instruction_sets": sets}})
    )
    assert len(list(worse(accepted, tmp_path))) == named


def test_results_that_were_not_made_are_noticed(tmp_path: Path) -> None:
    assert len(list(worse(ACCEPTED, tmp_path))) == len(ACCEPTED)


def test_the_accepted_figures_are_those_of_the_committed_results() -> None:
    accepted = json.loads((FOLDER / "accepted.json").read_text())
    assert accepted
    assert list(worse(accepted, FOLDER / "results")) == []
