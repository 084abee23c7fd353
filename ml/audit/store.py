"""The audit's place in a manifest."""

from dataclasses import replace

from ml.audit.record import KEY, Audit, audit_as_json
from ml.manifest import FORMAT_VERSION, Manifest


def with_audit(manifest: Manifest, audit: Audit) -> Manifest:
    """The manifest with the audit's summary, in the format that knows of it."""
    extras = {**manifest.extras, KEY: audit_as_json(audit)}
    return replace(manifest, extras=extras, format_version=FORMAT_VERSION)
