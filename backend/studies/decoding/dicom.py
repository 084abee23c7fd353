"""DICOM ultrasound objects: one frame out of one or many, in the colours the scanner meant."""

from dataclasses import dataclass, replace
from typing import BinaryIO

from PIL import Image
from pydicom import Dataset

from backend.studies.decoding.dicom_colour import to_rgb
from backend.studies.decoding.dicom_frame import decode_frame
from backend.studies.decoding.dicom_header import choose_frame, frame_count, read_header, ultrasound_region
from backend.studies.decoding.dicom_kind import modality_hint
from backend.studies.decoding.limits import Limits
from backend.studies.decoding.picture import Picture

DICOM_SHARE_OF_PIXELS = 0.5  # decoders need three to four copies; scanners write 1 to 4 million pixels


@dataclass(frozen=True)
class DicomFilm:
    """An opened file: its header is checked, and each frame is decoded when it is asked for."""

    dataset: Dataset

    @property
    def frame_count(self) -> int:
        """1 for a still image."""
        return frame_count(self.dataset)

    def picture(self, frame: int | None) -> Picture:
        """The wanted frame (the middle one by default) with the few facts worth keeping."""
        chosen, count = choose_frame(self.dataset, frame)
        return Picture(
            self.frame_image(chosen),
            "dicom",
            frame=chosen,
            frame_count=count,
            ultrasound_region=ultrasound_region(self.dataset),
            modality_hint=modality_hint(self.dataset),
        )

    def frame_image(self, frame: int) -> Image.Image:
        """One frame as RGB."""
        return Image.fromarray(to_rgb(decode_frame(self.dataset, frame), self.dataset))


def open_dicom(stream: BinaryIO, limits: Limits) -> DicomFilm:
    """Reads the whole file, of which only the allowed tags and the pixels are kept."""
    stream.seek(0)
    bounds = replace(limits, max_pixels=int(limits.max_pixels * DICOM_SHARE_OF_PIXELS))
    return DicomFilm(read_header(stream.read(), bounds))


def read_dicom(stream: BinaryIO, limits: Limits, frame: int | None) -> Picture:
    """The wanted frame (the middle one by default) as RGB; nothing else of the file is kept."""
    return open_dicom(stream, limits).picture(frame)
