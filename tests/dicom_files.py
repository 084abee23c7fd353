"""Makes DICOM files: honest ones, and ones that lie."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, UltrasoundImageStorage, generate_uid


def dicom(
    pixels: NDArray[Any] | None = None,
    *,
    frames: list[bytes] | None = None,
    syntax: str = ExplicitVRLittleEndian,
    preamble: bool = True,
    **elements: Any,
) -> bytes:
    """A file around `pixels` (frames ×, height × width (× 3)), or around compressed `frames`.

    Keywords replace elements of the header; None leaves one out."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.file_meta.MediaStorageSOPClassUID = UltrasoundImageStorage
    dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["one for all"])
    dataset.SOPClassUID = UltrasoundImageStorage
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID
    dataset.PatientName = "Doe^Jane"
    dataset.PatientID = "1970-JD"
    for name, value in {**_layout(pixels), **elements}.items():
        if value is not None:
            setattr(dataset, name, value)
    if frames is not None:
        dataset.PixelData = encapsulate(frames)
        dataset["PixelData"].VR = "OB"
    elif pixels is not None:
        dataset.PixelData = np.ascontiguousarray(pixels).tobytes() + b"\x00" * (pixels.nbytes % 2)
        dataset["PixelData"].VR = "OW" if dataset.get("BitsAllocated") == 16 else "OB"
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=preamble)
    return buffer.getvalue()


def _layout(pixels: NDArray[Any] | None) -> dict[str, Any]:
    if pixels is None:
        return {}
    colour = pixels.shape[-1] == 3
    rows, columns = pixels.shape[-3:-1] if colour else pixels.shape[-2:]
    count = int(np.prod(pixels.shape[: -3 if colour else -2]))
    return {
        "SamplesPerPixel": 3 if colour else 1,
        "PhotometricInterpretation": "RGB" if colour else "MONOCHROME2",
        "PlanarConfiguration": 0 if colour else None,
        "NumberOfFrames": count if count > 1 else None,
        "Rows": rows,
        "Columns": columns,
        "BitsAllocated": pixels.dtype.itemsize * 8,
        "BitsStored": pixels.dtype.itemsize * 8,
        "HighBit": pixels.dtype.itemsize * 8 - 1,
        "PixelRepresentation": int(np.issubdtype(pixels.dtype, np.signedinteger)),
    }


def rle_frame(*segments: bytes) -> bytes:
    """One RLE frame of already encoded segments."""
    starts = [64 + sum(map(len, segments[:index])) for index in range(len(segments))]
    numbers = [len(segments), *starts, *([0] * (15 - len(segments)))]
    return b"".join(number.to_bytes(4, "little") for number in numbers) + b"".join(segments)
