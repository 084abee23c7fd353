"""The network's first layers: the same picture gives the same numbers, and the stored ones belong to it."""

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from ml.phantoms.many import PhantomSeeds, render_cases
from ml.trust.texture import resized
from ml.trust.ultrasound import MEASURED, MODEL_FILE, stored_model, ultrasound_features, ultrasound_reading
from ml.trust.ultrasound_network import INMOST_PX, NETWORK_NUMBERS, network_numbers, network_sha256

SHIFT = 1e-3  # of each number of the network: more than processors differ by
STRAY = 0.02  # of a reading


def noise(seed: int, size: tuple[int, int] = (150, 190)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8)


def seen(seed: int) -> list[float]:
    pixels = noise(seed)
    return network_numbers(pixels, pixels[:INMOST_PX, :INMOST_PX, 0])


def test_threads_and_turns_change_nothing() -> None:
    alone = [seen(seed) for seed in range(6)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(seen, [*range(6), *range(6)])) == alone * 2
    assert len({tuple(numbers) for numbers in alone}) == 6


@pytest.mark.parametrize("size", [(1, 1), (2, 700), (INMOST_PX, INMOST_PX), (900, 31)])
def test_every_size_has_its_numbers(size: tuple[int, int]) -> None:
    pixels = noise(1, size)
    numbers = network_numbers(pixels, pixels[:INMOST_PX, :INMOST_PX, 0])
    assert len(numbers) == NETWORK_NUMBERS
    assert np.isfinite(numbers).all()


def test_grain_and_its_blur_are_told_apart() -> None:
    pixels = noise(3, (160, 160))
    blurred = np.uint8(resized(np.uint8(resized(pixels[..., 0], 40)), 160))
    middle = np.repeat(blurred[..., None], 3, axis=2)
    apart = np.subtract(network_numbers(pixels, pixels[..., 0]), network_numbers(middle, blurred))
    assert np.abs(apart).max() > 0.1


def test_the_stored_numbers_belong_to_the_installed_network() -> None:
    assert json.loads(MODEL_FILE.read_text(encoding="utf-8"))["network_sha256"] == network_sha256()


def test_a_reading_hardly_moves_where_a_processor_rounds_otherwise() -> None:
    cases = render_cases(PhantomSeeds(2_146_000_000, 2), (256, 192))
    images = [*(case["2d"].image for case in cases), Image.fromarray(noise(4))]
    chance = np.random.default_rng(0)
    for image in images:
        features = ultrasound_features(image)
        features[len(MEASURED) :] *= 1 + SHIFT * chance.standard_normal(NETWORK_NUMBERS)
        shifted = float(stored_model().readings(features[None])[0])
        assert shifted == pytest.approx(ultrasound_reading(image).other, abs=STRAY)
