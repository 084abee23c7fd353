"""DICOM ultrasound objects: one frame out of one or many, in the colours the scanner meant."""

from dataclasses import replace
from typing import BinaryIO

from PIL import Image

from backend.studies.decoding.dicom_colour import to_rgb
from backend.studies.decoding.dicom_frame import decode_frame
from backend.studies.decoding.dicom_header import choose_frame, read_header, ultrasound_region
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Picture

DICOM_SHARE_OF_PIXELS = 0.5  # decoders need three to four copies; scanners write 1 to 4 million pixels


def read_dicom(stream: BinaryIO, limits: Limits, frame: int | None) -> Picture:
    """The wanted frame (the middle one by default) as RGB; nothing else of the file is kept."""
    stream.seek(0)
    bounds = replace(limits, max_pixels=int(limits.max_pixels * DICOM_SHARE_OF_PIXELS))
    dataset = read_header(stream.read(), bounds)
    chosen, count = choose_frame(dataset, frame)
    region = ultrasound_region(dataset)
    rgb = to_rgb(decode_frame(dataset, chosen), dataset)
    return Picture(Image.fromarray(rgb), "dicom", frame=chosen, frame_count=count, ultrasound_region=region)
