"""Maps as pictures: the tables of matplotlib, red stays red, low attention leaves the image alone."""

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from ml import colormap


def ramp(width: int = 256, height: int = 2) -> np.ndarray:
    return np.tile(np.linspace(0, 1, width, dtype=np.float32), (height, 1))


@pytest.mark.parametrize("name", ["inferno", "jet"])
def test_tables_are_matplotlibs(name):
    expected = mpl.colormaps[name](np.arange(256))[:, :3] * 255
    assert np.abs(colormap.COLORMAPS[name] - expected).max() <= 0.5


def test_the_top_of_jet_is_red_and_its_bottom_blue():
    pixels = np.array(colormap.heatmap(ramp(), "jet"))
    red, _, blue, alpha = pixels[0, -1]
    assert red > 100 > blue
    assert alpha == 255
    red, _, blue, alpha = pixels[0, 0]
    assert blue > 100 > red
    assert alpha == 0


def test_a_red_image_stays_red_under_an_empty_map():
    image = Image.new("RGB", (20, 10), (255, 0, 0))
    result = colormap.overlay(image, np.zeros((10, 20), dtype=np.float32))
    assert result.mode == "RGB"
    assert (np.array(result) == (255, 0, 0)).all()


def test_alpha_grows_with_the_value_up_to_the_opacity():
    alpha = np.array(colormap.heatmap(ramp(), opacity=0.5))[0, :, 3].astype(int)
    assert alpha[0] == 0
    assert (np.diff(alpha) >= 0).all()
    assert alpha[-1] == 128


@pytest.mark.parametrize("name", ["inferno", "jet"])
def test_overlay_is_the_blend_written_out(name):
    rng = np.random.default_rng(0)
    base = rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)
    values = rng.random((30, 40), dtype=np.float32)
    levels = np.rint(values * 255).astype(int)
    weight = np.rint(levels * 0.7)[..., None] / 255
    expected = base * (1 - weight) + colormap.COLORMAPS[name][levels] * weight
    result = np.array(colormap.overlay(Image.fromarray(base), values, name, opacity=0.7))
    assert np.abs(result - expected).max() <= 1.01


def test_8_bit_maps_and_fractions_give_the_same_picture():
    values = ramp()
    stored = colormap.map_to_uint8(values)
    assert stored.dtype == np.uint8
    assert (np.array(colormap.heatmap(stored)) == np.array(colormap.heatmap(values))).all()


def test_the_image_given_is_not_changed():
    image = Image.new("RGB", (4, 4), (9, 9, 9))
    colormap.overlay(image, np.ones((4, 4), dtype=np.float32))
    assert image.getpixel((0, 0)) == (9, 9, 9)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P"])
def test_any_mode_becomes_rgb(mode):
    image = Image.new("L", (6, 4), 120).convert(mode)
    assert colormap.overlay(image, np.zeros((4, 6), dtype=np.float32)).getpixel((0, 0)) == (120, 120, 120)


def test_the_legend_runs_from_low_to_high():
    legend = np.array(colormap.legend("inferno", width=100, height=5))
    assert legend.shape == (5, 100, 3)
    assert legend[0, 0].tolist() == colormap.COLORMAPS["inferno"][0].tolist()
    assert legend[0, -1].tolist() == colormap.COLORMAPS["inferno"][-1].tolist()


def test_wrong_sizes_names_and_opacities_are_refused():
    image, values = Image.new("RGB", (20, 10)), np.zeros((10, 20), dtype=np.float32)
    with pytest.raises(ValueError, match="20×10"):
        colormap.overlay(image, values.T)
    with pytest.raises(ValueError, match="viridis"):
        colormap.overlay(image, values, "viridis")
    with pytest.raises(ValueError, match="Opacity"):
        colormap.heatmap(values, opacity=1.5)
    with pytest.raises(ValueError, match="dimensions"):
        colormap.heatmap(np.zeros((2, 2, 3)))
