"""What is no ultrasound image: phantoms and real images pass, other pictures are doubted."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ml.__main__ import main
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.taxonomy import MODALITIES
from ml.trust import ultrasound
from ml.trust.slot_data import PHANTOMS
from ml.trust.ultrasound import FEATURES, ultrasound_features, ultrasound_reading
from ml.trust.ultrasound_data import (
    OTHER,
    ULTRASOUND,
    looked_at,
    looked_at_phantoms,
    other_pictures,
    ultrasound_pictures,
    versions,
)
from ml.trust.ultrasound_fit import doubted, fit_ultrasound, left_out
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
    assert len(one) == 4
    assert [image.tobytes() for image in one] == [image.tobytes() for image in two]


@pytest.fixture
def others(tmp_path: Path) -> Path:
    for kind, draw in (("charts", chart), ("blank", blank)):
        (tmp_path / kind).mkdir()
        for seed in range(6):
            draw(seed).save(tmp_path / kind / f"{seed}.png")
    return tmp_path


def test_each_kind_is_measured_by_a_classifier_that_saw_none_of_it(others: Path) -> None:
    looked = looked_at(other_pictures(others)).and_also(looked_at_phantoms(9, first=UNSEEN.first))
    rates = {source: rate for source, label, rate in left_out(looked) if label == OTHER}
    assert {source: rate.of for source, rate in rates.items()} == {"blank": 6, "charts": 6}
    model = fit_ultrasound(looked)
    phantoms = looked.take(np.char.startswith(looked.sources, PHANTOMS))
    assert set(phantoms.labels) == {ULTRASOUND}
    assert doubted(model, phantoms).found == 0
    assert doubted(model, looked.take(looked.labels == OTHER)).found > 30


def test_a_folder_without_pictures_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ultrasound", "fit", "--real", str(tmp_path), "--other", str(tmp_path)]) != 0
    assert "holds no pictures" in capsys.readouterr().err


def test_the_stored_numbers_belong_to_the_features() -> None:
    values = json.loads(ultrasound.MODEL_FILE.read_text(encoding="utf-8"))
    assert tuple(values["features"]) == FEATURES
    assert {len(row) for row in values["coefficients"]} == {len(FEATURES)}


@pytest.mark.skipif(not (REAL_DATA / "busi").is_dir(), reason="no real images (REAL_DATA_DIR)")
def test_real_ultrasound_passes() -> None:
    images = looked_at(ultrasound_pictures(REAL_DATA)[::40])
    found = doubted(ultrasound.stored_model(), images.take(images.as_came))
    assert found.of >= 50
    assert found.found <= 1
