"""The script that sends real images: guesses, counts, and what it calls enough."""

from pathlib import Path

import pytest

from scripts.send_real_images import Outcome, guessed_modality, is_explained, refusal_code, summary, table


@pytest.mark.parametrize(
    ("path", "modality"),
    [
        ("busi/benign/benign (1).png", "2d"),
        ("modalities/lnmp/cdfi/a.png", "cdfi"),
        ("modalities/msmfn/ue/a.png", "elastography"),
        ("modalities/brels/swe_time/a.png", "elastography"),
        ("modalities/llnm/2d_benign/a.jpg", "2d"),
        ("blue/doppler/a.png", "cdfi"),
    ],
)
def test_the_modality_is_guessed_from_the_folder(path: str, modality: str) -> None:
    assert guessed_modality(Path(path)) == modality


def test_outcomes_are_counted() -> None:
    outcomes = [Outcome("a", "2d", "succeeded")] * 3 + [Outcome("b", "cdfi", "refused 422", "truncated")]
    assert summary(outcomes, 1.0)["share_succeeded"] == 0.75
    assert table(outcomes).splitlines()[1].split() == ["2d", "succeeded", "3"]
    assert [is_explained(outcome) for outcome in outcomes] == [True] * 4
    assert not is_explained(Outcome("c", "2d", "failed"))


def test_a_refusal_is_named_by_its_fields() -> None:
    reasons = {"image_2d": [{"code": "too_small", "detail": "…"}]}
    assert refusal_code({"code": "upload_refused", "errors": reasons}) == "too_small"
    assert refusal_code({"code": "body_too_large"}) == "body_too_large"
