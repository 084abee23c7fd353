"""The whole audit of one network on one set of images."""

from __future__ import annotations

from collections.abc import Callable

from ml.audit.curves import THOROUGH, Effort, curves, occlusion, shown
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


def audit_maps(
    subject: Subject,
    images: AuditImages,
    effort: Effort = THOROUGH,
    tick: Tick = lambda _part: None,
) -> Audit:
    """Every part on the same images; `tick` is told each part that is done."""
    parts = {}
    pixels, groups = images.pixels, images.groups
    parts["randomisation"] = randomisation(subject, pixels, groups, effort.shuffles)
    tick("randomisation")
    seen = shown(subject, pixels, groups)
    parts["curves"] = curves(subject, seen, effort)
    tick("curves")
    parts["occlusion"] = occlusion(subject, seen, effort)
    tick("occlusion")
    parts["planted_text"] = planted_text(subject, images.stamped, groups)
    tick("planted_text")
    height, width = seen.maps.shape[1:]
    return Audit(
        images=len(pixels),
        source=images.source,
        synthetic=images.synthetic,
        grid=(int(height), int(width)),
        parts=parts,
        caveat=None if subject.model.reshape is None else VIT_CAVEAT,
    )
