"""What decoding hands on: pixels without a history, and the few facts worth keeping."""

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the upright picture: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int

    def as_list(self) -> list[int]:
        """[x, y, width, height], the shape it has in the database and in the API."""
        return [self.x, self.y, self.width, self.height]

    def fits(self, width: int, height: int) -> bool:
        """True when the rectangle has an area and lies wholly inside a width × height picture."""
        inside = (
            self.x >= 0 and self.y >= 0 and self.x + self.width <= width and self.y + self.height <= height
        )
        return inside and self.width > 0 and self.height > 0


@dataclass(frozen=True)
class Picture:
    """An upright 8-bit RGB image. `frame` counts from 0; region and hint are what the DICOM header says."""

    image: Image.Image
    source_format: str
    frame: int = 0
    frame_count: int = 1
    ultrasound_region: Box | None = None
    modality_hint: str | None = None
