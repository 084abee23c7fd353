"""The whole audit of one network on one set of images."""

from __future__ import annotations

from collections.abc import Callable

from ml.audit.curves import curves, occlusion, predicted
from ml.audit.images import AuditImages
from ml.audit.planted import planted_text
from ml.audit.randomise import randomisation
from ml.audit.record import VIT_CAVEAT, Audit
from ml.audit.subject import Subject
from ml.checkpoint import LoadedModel
from ml.demo.network import without_idle_blocks

Tick = Callable[[str], object]


def subject_of(loaded: LoadedModel) -> Subject:
    """The checkpoint's network; a grown one without the blocks that hand on their input unchanged."""
    manifest = loaded.manifest
    grown = "growth" in manifest.extras
    model = without_idle_blocks(loaded.model) if grown else loaded.model
    return Subject(model, manifest.mean, manifest.std, loaded.device)


def audit_maps(subject: Subject, images: AuditImages, tick: Tick = lambda _part: None) -> Audit:
    """Every part on the same images; `tick` is told each part that is done."""
    parts = {}
    pixels, groups = images.pixels, images.groups
    parts["randomisation"] = randomisation(subject, pixels, groups)
    tick("randomisation")
    classes, maps = predicted(subject, pixels)
    parts["curves"] = curves(subject, pixels, groups, classes, maps)
    tick("curves")
    parts["occlusion"] = occlusion(subject, pixels, groups, classes, maps)
    tick("occlusion")
    parts["planted_text"] = planted_text(subject, images.stamped, groups)
    tick("planted_text")
    height, width = maps.shape[1:]
    return Audit(
        images=len(pixels),
        source=images.source,
        synthetic=images.synthetic,
        grid=(int(height), int(width)),
        parts=parts,
        caveat=None if subject.model.reshape is None else VIT_CAVEAT,
    )
