"""DICOM: right colours, one frame, nothing of the header kept. pydicom's own conversion is the judge."""

import io
import signal
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.pixels import apply_color_lut, apply_voi_lut, pixel_array
from pydicom.uid import JPEGBaseline8Bit, RLELossless

from backend.studies.decoding.decoder_process import decoder
from backend.studies.decoding.dicom_header import ALLOWED_TAGS, read_header
from backend.studies.decoding.errors import UnreadableImage
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Box, Picture
from backend.studies.decoding.read import read_picture
from tests.dicom_files import dicom, rle_frame
from tests.pictures import encoded, picture
from tests.real_data import PYDICOM_FILES, needs_real_data, real_dicom_files

ULTRASOUND = [
    "examples_rgb_color.dcm",
    "examples_ybr_color.dcm",
    "examples_palette.dcm",
    "examples_jpeg2k.dcm",
    "ExplVR_BigEnd.dcm",
]
COLOUR_KINDS = sorted(
    path.name
    for path in PYDICOM_FILES.glob("SC_*.dcm")
    if "small" not in path.name and "32bit" not in path.name
)
GREY = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64)


def read(content: bytes, frame: int | None = None) -> Picture:
    return read_picture(io.BytesIO(content), limits=Limits(), frame=frame)


def refusal(content: bytes) -> str:
    """The code with which it is refused."""
    with pytest.raises(UnreadableImage) as refused:
        read(content)
    return refused.value.code


def rgb(content: bytes, frame: int | None = None) -> NDArray[np.uint8]:
    return np.asarray(read(content, frame).image)


def own_conversion(path: Path, frame: int) -> NDArray[np.float64]:
    """The frame as pydicom itself converts it, in 0..255."""
    dataset = pydicom.dcmread(path)
    values = pixel_array(dataset, index=frame)
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        colours = apply_color_lut(values, dataset)
        return colours / (257.0 if colours.dtype == np.uint16 else 1.0)
    if dataset.SamplesPerPixel == 1:
        return np.repeat(apply_voi_lut(values, dataset)[..., None], 3, axis=2).astype(float)
    return values / (257.0 if values.dtype == np.uint16 else 1.0)


def assert_same_colours(path: Path) -> None:
    result = read(path.read_bytes())
    expected = own_conversion(path, result.frame)
    assert np.abs(np.asarray(result.image).astype(float) - expected).max() <= 1.0


@pytest.mark.parametrize("name", ULTRASOUND)
def test_ultrasound_files_of_pydicom_have_pydicoms_colours(name: str) -> None:
    assert_same_colours(PYDICOM_FILES / name)


@pytest.mark.parametrize("name", COLOUR_KINDS)
def test_every_way_to_store_colour_gives_pydicoms_colours(name: str) -> None:
    assert_same_colours(PYDICOM_FILES / name)


@needs_real_data
@pytest.mark.parametrize("path", real_dicom_files(), ids=lambda path: path.name)
def test_real_ultrasound_files_have_pydicoms_colours(path: Path) -> None:
    assert_same_colours(path)


@needs_real_data
def test_the_same_picture_stored_in_two_ways_looks_the_same() -> None:
    by_name = {path.name: path.read_bytes() for path in real_dicom_files()}
    assert np.array_equal(rgb(by_name["color-px.dcm"]), rgb(by_name["color-pl.dcm"]))
    raw, lossy = rgb(by_name["US1_UNCR.dcm"]).astype(int), rgb(by_name["US1_J2KI.dcm"]).astype(int)
    assert np.abs(raw - lossy).mean() < 3


def test_ybr_is_not_converted_twice() -> None:
    """The same red as JPEG: a second conversion would turn it into something else entirely."""
    frame = encoded(Image.new("RGB", (64, 64), (200, 30, 40)), "JPEG", quality=95, subsampling=0)
    content = dicom(
        np.zeros((64, 64, 3), np.uint8),
        frames=[frame],
        syntax=JPEGBaseline8Bit,
        PhotometricInterpretation="YBR_FULL",
    )
    assert np.abs(rgb(content).astype(int) - [200, 30, 40]).max() <= 3


def test_a_jpeg_with_adobes_mark_is_not_converted_twice_either() -> None:
    frame = encoded(Image.new("RGB", (64, 64), (200, 30, 40)), "JPEG", quality=95, subsampling=0)
    adobe = b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x01"
    content = dicom(
        np.zeros((64, 64, 3), np.uint8),
        frames=[frame[:2] + adobe + frame[2:]],
        syntax=JPEGBaseline8Bit,
        PhotometricInterpretation="YBR_FULL_422",
    )
    assert np.abs(rgb(content).astype(int) - [200, 30, 40]).max() <= 3


def test_of_a_cine_the_middle_frame_is_taken_unless_one_is_asked_for() -> None:
    frames = np.stack([np.full((40, 50, 3), level, np.uint8) for level in (10, 20, 30, 40, 50)])
    content = dicom(frames)
    assert (read(content).frame, read(content).frame_count) == (2, 5)
    assert rgb(content)[0, 0, 0] == 30
    assert rgb(content, frame=4)[0, 0, 0] == 50


def test_only_the_frame_that_is_needed_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others may even be broken."""
    good = encoded(picture(width=64, height=48), "JPEG")
    content = dicom(
        np.zeros((3, 48, 64, 3), np.uint8),
        frames=[b"broken", good, b"broken"],
        syntax=JPEGBaseline8Bit,
        PhotometricInterpretation="YBR_FULL_422",
    )
    sent = []
    original = decoder.decode
    monkeypatch.setattr(decoder, "decode", lambda frame: sent.append(frame.PixelData) or original(frame))
    assert read(content).image.size == (64, 48)
    assert len(sent) == 1
    assert good in sent[0]
    assert b"broken" not in sent[0]


def test_a_decoder_that_dies_or_hangs_costs_its_own_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    good = dicom(
        np.zeros((48, 64, 3), np.uint8),
        frames=[encoded(picture(width=64, height=48), "JPEG")],
        syntax=JPEGBaseline8Bit,
        PhotometricInterpretation="YBR_FULL_422",
    )
    abort = (Path(__file__).parents[2] / "hostile/kept/gdcm-abort.dcm").read_bytes()
    for _ in range(2):
        assert read(good).image.size == (64, 48)
        assert refusal(abort) == "corrupt"
    assert read(good).image.size == (64, 48)
    process = decoder._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    monkeypatch.setattr("backend.studies.decoding.decoder_process.LONGEST_S", 0.5)
    assert refusal(good) == "too_complex"
    assert process.returncode is not None
    monkeypatch.undo()
    assert read(good).image.size == (64, 48)


def test_no_identifying_element_is_even_parsed() -> None:
    content = dicom(np.zeros((40, 50), np.uint8), StudyDate="20240101", InstitutionName="Somewhere")
    dataset = read_header(content, Limits())
    assert {element.keyword for element in dataset} <= set(ALLOWED_TAGS)
    assert "PatientName" not in dataset


def test_inverted_grey_is_turned_round() -> None:
    values = np.tile(np.arange(64, dtype=np.uint8), (64, 1))
    straight, inverted = dicom(values), dicom(values, PhotometricInterpretation="MONOCHROME1")
    assert np.array_equal(rgb(inverted), 255 - rgb(straight))


def test_a_window_is_applied() -> None:
    content = dicom(GREY, BitsStored=12, HighBit=11, WindowCenter=2048, WindowWidth=1000)
    grey = rgb(content)[..., 0]
    assert grey[GREY < 1500].max() == 0
    assert grey[GREY > 2600].min() == 255
    assert abs(int(grey[32, 0]) - 128) <= 1


def test_deep_grey_without_a_window_keeps_its_nominal_range() -> None:
    grey = rgb(dicom(GREY, BitsStored=16))[..., 0]
    assert (int(grey.min()), int(grey.max())) == (0, 255)
    assert abs(int(grey[32, 0]) - 128) <= 1


def test_rescaled_values_are_windowed_after_rescaling() -> None:
    content = dicom(
        GREY,
        BitsStored=12,
        HighBit=11,
        RescaleSlope="2",
        RescaleIntercept="-1000",
        WindowCenter=1000,
        WindowWidth=1000,
    )
    grey = rgb(content)[..., 0]
    real = GREY.astype(int) * 2 - 1000
    assert grey[real < 480].max() == 0
    assert grey[real > 1520].min() == 255


def test_seven_bit_grey_fills_the_range() -> None:
    values = np.tile(np.arange(128, dtype=np.uint8)[:64] * 2 + 1, (64, 1))
    assert rgb(dicom(values, BitsStored=7, HighBit=6)).max() == 255


def test_a_file_without_preamble_and_meta_is_read() -> None:
    content = dicom(np.full((40, 50, 3), 7, np.uint8))
    start = content.index(b"\x08\x00\x16\x00")  # SOP Class UID: the first element of the data set
    assert rgb(content[start:])[0, 0, 0] == 7


def test_the_scanners_region_is_reported() -> None:
    region = pydicom.Dataset()
    region.RegionSpatialFormat = 1
    region.RegionLocationMinX0, region.RegionLocationMinY0 = 5, 6
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = 44, 35
    content = dicom(np.zeros((40, 50, 3), np.uint8), SequenceOfUltrasoundRegions=[region])
    assert read(content).ultrasound_region == Box(5, 6, 40, 30)


def test_a_region_that_makes_no_sense_is_dropped() -> None:
    region = pydicom.Dataset()
    region.RegionSpatialFormat = 1
    region.RegionLocationMinX0, region.RegionLocationMinY0 = 5, 6
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = 440, 3
    content = dicom(np.zeros((40, 50, 3), np.uint8), SequenceOfUltrasoundRegions=[region])
    assert read(content).ultrasound_region is None


def test_run_length_encoding_is_read() -> None:
    segment = b"\x81\x09" * 16  # 16 runs of 128 pixels of value 9
    content = dicom(np.zeros((32, 64), np.uint8), frames=[rle_frame(segment)], syntax=RLELossless)
    assert np.array_equal(rgb(content), np.full((32, 64, 3), 9))
