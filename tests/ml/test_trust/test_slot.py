"""Images in the wrong slot: phantoms are found, real grey-scale images are left in peace."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml.__main__ import main
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.taxonomy import MODALITIES, Modality
from ml.trust import slot
from ml.trust.slot import FEATURES, SlotReading, slot_features, slot_reading, stored_model
from ml.trust.slot_data import FITTED_FROM, MEASURED_FROM, PHANTOMS, Measured, real_files
from ml.trust.slot_fit import Rate, fit_slot, left_out_sources, wrong_slots
from tests.real_data import REAL_DATA

UNSEEN = PhantomSeeds(2_140_000_000, 10)


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Image.Image]]:
    return [
        {modality: phantom.image for modality, phantom in case.items()}
        for case in render_cases(UNSEEN, (256, 192))
    ]


def test_swapped_phantoms_are_found_and_the_others_are_not(cases: list[dict[str, Image.Image]]) -> None:
    wrong = missed = 0
    for case in cases:
        for modality in MODALITIES:
            reading = slot_reading(case[modality])
            wrong += reading.is_wrong_in(modality)
            missed += sum(not reading.is_wrong_in(other) for other in MODALITIES if other != modality)
    assert wrong == 0
    assert missed <= 2  # of 180


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16", "1"])
def test_every_kind_of_image_gets_a_reading(mode: str, cases: list[dict[str, Image.Image]]) -> None:
    image = cases[0]["2d"].convert("L").convert("I;16" if mode == "I;16" else "L")
    reading = slot_reading(image if mode == "I;16" else cases[0]["2d"].convert(mode))
    assert 1 / 3 <= reading.probability <= 1


@pytest.mark.parametrize("size", [(1, 1), (5, 900), (13, 12), (64, 64), (3000, 2000)])
@pytest.mark.parametrize("colour", ["black", "white", "red"])
def test_blank_and_tiny_images_give_finite_numbers(size: tuple[int, int], colour: str) -> None:
    features = slot_features(Image.new("RGB", size, colour))
    assert features.shape == (len(FEATURES),)
    assert np.isfinite(features).all()


def test_a_plain_grey_image_is_no_colour_image() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 400), dtype=np.uint8)
    assert slot_reading(Image.fromarray(noise)).modality == Modality.B_MODE


def test_a_tint_is_no_colour(cases: list[dict[str, Image.Image]]) -> None:
    for case in cases[:6]:
        grey = np.asarray(case["2d"].convert("L"), dtype=float)[..., None]
        sepia = Image.fromarray((grey * [1.0, 0.93, 0.8]).clip(0, 255).astype(np.uint8))
        assert slot_reading(sepia).modality == Modality.B_MODE


def test_only_a_sure_reading_is_a_flag() -> None:
    assert SlotReading(Modality.CDFI, 0.99).is_wrong_in(Modality.B_MODE)
    assert not SlotReading(Modality.CDFI, 0.99).is_wrong_in(Modality.CDFI)
    assert not SlotReading(Modality.CDFI, 0.6).is_wrong_in(Modality.B_MODE)


def test_the_stored_model_names_what_it_is() -> None:
    values = json.loads(slot.MODEL_FILE.read_text())
    assert tuple(values["features"]) == FEATURES
    assert tuple(values["classes"]) == tuple(MODALITIES)
    assert values["images"][PHANTOMS] >= 1000
    assert stored_model().coefficients.shape == (3, len(FEATURES))


def made_up(count: int, source: str, seed: int) -> Measured:
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    features = rng.normal(size=(count, 4)) + 4 * np.eye(3, 4)[labels]
    return Measured(features, labels, np.array([source] * count, np.str_))


def test_fitting_is_repeatable_and_sources_are_left_out() -> None:
    phantoms, real = made_up(90, PHANTOMS, 1), made_up(30, "a", 2).and_also(made_up(12, "b", 3))
    one, two = fit_slot(phantoms), fit_slot(phantoms)
    np.testing.assert_array_equal(one.coefficients, two.coefficients)
    found = list(left_out_sources(phantoms, real))
    assert [(source, len(images.labels)) for source, images, _ in found] == [("a", 30), ("b", 12)]
    rates = wrong_slots(one.probabilities(real.features), real.labels)
    assert rates[0, 0].found == 0
    assert rates[1, 0].found > 0.8 * rates[1, 0].of


def test_a_rate_has_its_interval() -> None:
    assert "0.0% to 16.8%" in str(Rate(0, 20))
    assert str(Rate(0, 0)) == "none"


def test_no_phantom_is_fitted_on_and_measured() -> None:
    assert FITTED_FROM + 40_000_000 < MEASURED_FROM < UNSEEN.first - 40_000_000


def test_the_commands_fit_and_measure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(slot, "MODEL_FILE", tmp_path / "model.json")
    stored_model.cache_clear()
    page = tmp_path / "page.md"
    page.write_text("<!-- table: slot-phantoms -->\n<!-- end -->\n")
    try:
        small = ["--cases", "9", "--processes", "1"]
        assert main(["slot", "fit", *small]) == 0
        assert main(["slot", "measure", *small, "--page", str(page)]) == 0
    finally:
        stored_model.cache_clear()
    assert "in the cdfi slot" in capsys.readouterr().out
    assert "| elastography | " in page.read_text()


@pytest.mark.skipif(not (REAL_DATA / "modalities").is_dir(), reason="no real images (REAL_DATA_DIR)")
def test_real_grey_scale_images_raise_no_alarm() -> None:
    """One in forty of them; `python -m ml slot measure` counts all, each source left out of the fit."""
    grey = [path for path, _, modality in real_files(REAL_DATA) if modality == Modality.B_MODE][::40]
    wrong = 0
    for path in grey:
        with Image.open(path) as image:
            wrong += slot_reading(image).is_wrong_in(Modality.B_MODE)
    assert len(grey) > 40
    assert wrong <= 1
