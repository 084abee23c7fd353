"""What a DICOM header says about the kind of ultrasound image. A hint: scanners often say nothing."""

from pydicom import Dataset

CDFI, ELASTOGRAPHY = "cdfi", "elastography"
COLOUR_FLOW = 2  # Region Data Type (PS3.3 C.8.5.5.1.4)

# Image Type, value 4: four hexadecimal digits, one bit a technique (PS3.3 C.8.5.6.1.1).
COLOUR_DOPPLER, COLOUR_POWER, TISSUE_CHARACTERISATION = 0x0010, 0x0100, 0x0200


def modality_hint(dataset: Dataset) -> str | None:
    """`cdfi` or `elastography` where the header says so; never `2d`: silence looks the same."""
    techniques = _techniques(dataset)
    if techniques & TISSUE_CHARACTERISATION:
        return ELASTOGRAPHY
    if techniques & (COLOUR_DOPPLER | COLOUR_POWER) or _has_flow_region(dataset):
        return CDFI
    return None


def _techniques(dataset: Dataset) -> int:
    value = dataset.get("ImageType") or []
    text = str(value[3]) if not isinstance(value, str) and len(value) > 3 else ""
    is_hexadecimal = len(text) == 4 and all(digit in "0123456789ABCDEFabcdef" for digit in text)
    return int(text, 16) if is_hexadecimal else 0


def _has_flow_region(dataset: Dataset) -> bool:
    regions = dataset.get("SequenceOfUltrasoundRegions") or []
    return any(item.get("RegionDataType") == COLOUR_FLOW for item in regions)
