"""What is no ultrasound image: phantoms and real images pass, other pictures are doubted."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ml.__main__ import main
from ml.data.samples import DataError
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.taxonomy import MODALITIES
from ml.trust import ultrasound
from ml.trust.slot_data import PHANTOMS
from ml.trust.texture_colour import COLOURS, colour_numbers
from ml.trust.ultrasound import FEATURES, ultrasound_features, ultrasound_reading
from ml.trust.ultrasound_data import (
    Looked,
    kept,
    looked_at,
    looked_at_phantoms,
    other_pictures,
    ultrasound_pictures,
)
from ml.trust.ultrasound_fit import doubted, fit_ultrasound, kinds_left_out, left_out, named
from ml.trust.ultrasound_shown import exported, hazed
from ml.trust.ultrasound_versions import OTHER, ULTRASOUND, versions
from tests.real_data import REAL_DATA

UNSEEN = PhantomSeeds(2_144_000_000, 4)


def chart(seed: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (400, 300), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(40, 20), (40, 270), (380, 270)], fill="black", width=2)
    heights = rng.integers(40, 260, 12).tolist()
    draw.line([(50 + 27 * place, height) for place, height in enumerate(heights)], fill="blue", width=3)
    return image


def blank(seed: int) -> Image.Image:
    return Image.new("RGB", (320, 240), tuple(np.random.default_rng(seed).integers(30, 256, 3).tolist()))


def test_phantoms_of_every_modality_pass() -> None:
    cases = list(render_cases(UNSEEN, (256, 192)))
    assert not [
        modality
        for case in cases
        for modality in MODALITIES
        if ultrasound_reading(case[modality].image).is_doubted
    ]


@pytest.mark.parametrize("picture", [chart, blank])
def test_charts_and_blank_pictures_are_doubted(picture) -> None:
    assert all(ultrasound_reading(picture(seed)).is_doubted for seed in range(8))


@pytest.mark.parametrize("size", [(1, 1), (5, 900), (13, 12), (64, 64), (3000, 2000)])
@pytest.mark.parametrize("colour", ["black", "white", "red"])
def test_blank_and_tiny_images_give_finite_numbers(size: tuple[int, int], colour: str) -> None:
    features = ultrasound_features(Image.new("RGB", size, colour))
    assert features.shape == (len(FEATURES),)
    assert np.isfinite(features).all()


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "1"])
def test_every_kind_of_image_gets_a_reading(mode: str) -> None:
    assert 0 <= ultrasound_reading(chart(0).convert(mode)).other <= 1


def test_the_same_name_gives_the_same_changes() -> None:
    one, two = (list(versions(chart(1), OTHER, "a.png")) for _ in range(2))
    assert [image.tobytes() for image in one] == [image.tobytes() for image in two]


def test_a_picture_is_changed_in_up_to_five_ways() -> None:
    counts = [len(list(versions(chart(1), OTHER, f"{number}.png"))) for number in range(200)]
    assert (min(counts), max(counts)) == (1, 6)
    assert max(len(list(versions(chart(1), ULTRASOUND, f"{number}.png"))) for number in range(200)) == 5


def test_a_colour_map_leaves_no_colour_that_brightness_does_not_explain() -> None:
    grey = np.random.default_rng(2).integers(40, 256, (120, 160)).astype(np.uint8)
    hue = np.stack([grey, np.uint8(grey * 0.8), np.uint8(grey * 0.9)], axis=2)
    mixed = np.random.default_rng(3).integers(40, 256, (120, 160, 3)).astype(np.uint8)
    unexplained, whole = (
        np.array([colour_numbers(each)[place] for each in (hue, mixed)]) for place in (0, 2)
    )
    assert unexplained[0] < 2 < unexplained[1]
    assert (whole > 4).all()
    assert len(colour_numbers(mixed)) == COLOURS


@pytest.mark.parametrize("shape", [(1, 1), (2, 300), (40, 50), (40, 50, 3)])
def test_what_scanners_change_keeps_the_size(shape: tuple[int, ...]) -> None:
    levels = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        assert exported(hazed(levels, rng), rng).shape[:2] == shape[:2]


@pytest.fixture
def others(tmp_path: Path) -> Path:
    for kind, draw in (("charts", chart), ("blank", blank)):
        for seed in range(6):
            folder = tmp_path / kind / ("odd" if seed % 2 else "even")
            folder.mkdir(parents=True, exist_ok=True)
            draw(seed).save(folder / f"{seed}.png")
    return tmp_path


def test_each_kind_is_measured_by_a_classifier_that_saw_none_of_it(others: Path) -> None:
    looked = looked_at(other_pictures(others)).and_also(looked_at_phantoms(9, first=UNSEEN.first))
    rates = {source: rate for source, _, rate in left_out(looked, looked.sources, (OTHER,))}
    assert {source: rate.of for source, rate in rates.items()} == {"blank": 6, "charts": 6}
    model = fit_ultrasound(looked)
    phantoms = looked.take(np.char.startswith(looked.sources, PHANTOMS))
    assert set(phantoms.labels) == {ULTRASOUND}
    assert doubted(model, phantoms).found == 0
    of_others = doubted(model, looked.take(looked.labels == OTHER))
    assert of_others.found == of_others.of > 12


def test_each_maker_is_judged_beside_the_others_of_its_kind(others: Path) -> None:
    looked = looked_at(other_pictures(others)).and_also(looked_at_phantoms(9, first=UNSEEN.first))
    rates = {maker: rate for maker, _, rate in left_out(looked, looked.makers, (OTHER,))}
    assert {maker: rate.of for maker, rate in rates.items()} == {
        f"{kind}/{maker}": 3 for kind in ("blank", "charts") for maker in ("even", "odd")
    }
    assert all(rate.found == 3 for rate in rates.values())


def test_each_maker_is_judged_without_its_whole_kind(others: Path) -> None:
    looked = looked_at(other_pictures(others)).and_also(looked_at_phantoms(9, first=UNSEEN.first))
    found = list(kinds_left_out(looked))
    assert [(maker, rate.of) for maker, _, rate in found] == [
        (f"{kind}/{maker}", 3) for kind in ("blank", "charts") for maker in ("even", "odd")
    ]
    kinds = {source: rate.found for source, _, rate in left_out(looked, looked.sources, (OTHER,))}
    assert sum(rate.found for _, _, rate in found) == sum(kinds.values())
    charts = [rate.found for maker, _, rate in found if maker.startswith("charts/")]
    assert named(found).found == sum(charts)


def test_what_was_measured_is_kept_and_refused_for_other_pictures(others: Path, tmp_path: Path) -> None:
    pictures, file = other_pictures(others)[:2], tmp_path / "kept.npz"
    looked = kept(file, pictures, lambda: looked_at(pictures))

    def never() -> Looked:
        raise AssertionError

    assert np.array_equal(kept(file, pictures, never).features, looked.features)
    with pytest.raises(DataError, match="other pictures"):
        kept(file, pictures[:1], never)


def test_a_folder_without_pictures_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ultrasound", "fit", "--real", str(tmp_path), "--other", str(tmp_path)]) != 0
    assert "holds no pictures" in capsys.readouterr().err


def test_the_stored_numbers_belong_to_the_features() -> None:
    values = json.loads(ultrasound.MODEL_FILE.read_text(encoding="utf-8"))
    assert tuple(values["features"]) == FEATURES
    assert len(values["weights"]) == len(FEATURES) + 1


@pytest.mark.skipif(not (REAL_DATA / "busi").is_dir(), reason="no real images (REAL_DATA_DIR)")
def test_real_ultrasound_passes() -> None:
    images = looked_at(ultrasound_pictures(REAL_DATA)[::40])
    found = doubted(ultrasound.stored_model(), images.take(images.as_came))
    assert found.of >= 50
    assert found.found <= 1
