"""Synthetic ultrasound of cervical lymph nodes: test data and demo data, never a patient's."""

from ml.phantoms.render import DEFAULT_SIZE, PHANTOM_VERSION, Phantom, render_case

__all__ = ["DEFAULT_SIZE", "PHANTOM_VERSION", "Phantom", "render_case"]
