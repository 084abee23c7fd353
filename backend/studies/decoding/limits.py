"""The bounds an upload must keep. They are checked against what a file claims, before it is decoded."""

from dataclasses import dataclass

from backend.studies.decoding.errors import TOO_LARGE, TOO_MANY_PIXELS, TOO_SMALL, UnreadableImage


@dataclass(frozen=True)
class Limits:
    """Bytes of the file; pixels and smallest side of the picture."""

    max_bytes: int = 50 * 1024 * 1024
    max_pixels: int = 40_000_000
    min_side: int = 32

    def check_bytes(self, size: int) -> None:
        """Refuse a file of more bytes than allowed."""
        if size > self.max_bytes:
            raise UnreadableImage(
                TOO_LARGE,
                f"The file has {size / 2**20:.1f} MB; at most {self.max_bytes / 2**20:.0f} MB are accepted.",
            )

    def check_size(self, width: int, height: int) -> None:
        """Refuse a picture that claims too many pixels, or has a side that is too short."""
        if width * height > self.max_pixels:
            raise UnreadableImage(
                TOO_MANY_PIXELS,
                f"The image claims {width} × {height} pixels; "
                f"at most {self.max_pixels / 1e6:g} million are accepted. Export it smaller.",
            )
        if min(width, height) < self.min_side:
            raise UnreadableImage(
                TOO_SMALL,
                f"The image has {width} × {height} pixels; each side needs at least {self.min_side}.",
            )
