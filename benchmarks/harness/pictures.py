"""Images to send: phantoms, which are SYNTHETIC."""

import io

from ml.phantoms import render_case


def pictures(size: int) -> dict[str, tuple[str, bytes]]:
    """One image a modality, as a form sends it."""
    case = render_case(1, "lymphoma", size=(max(64, size), max(64, size * 3 // 4)))
    files = {}
    for modality, phantom in case.items():
        buffer = io.BytesIO()
        phantom.image.save(buffer, "PNG")
        files[f"image_{modality}"] = ("image.png", buffer.getvalue())
    return files
