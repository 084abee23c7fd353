"""What the registry adds to /readyz and /metrics."""

from django.db.models import Count

from backend.core.health import Finding, readiness_check
from backend.core.metrics import Family, Sample, metrics_collector
from backend.registry.models import ModelVersion
from backend.registry.selectors import active_versions
from ml.taxonomy import MODALITIES


@readiness_check("models")
def models_active() -> Finding:
    """Every modality has an active version."""
    missing = [modality.value for modality in MODALITIES if modality.value not in active_versions()]
    if missing:
        return Finding(
            False, f"no active model version for {', '.join(missing)}: see `manage.py model_import`"
        )
    return Finding(True, "every modality has an active version")


@metrics_collector
def version_counts() -> list[Family]:
    """Versions by modality and state."""
    counts = ModelVersion.objects.order_by().values("modality", "state").annotate(count=Count("pk"))
    samples = [Sample(row["count"], {"modality": row["modality"], "state": row["state"]}) for row in counts]
    return [Family("cv4ln_model_versions", "Model versions by modality and state.", samples)]
