"""The activations so far become lines of the new history; versions get the line of their arrival."""

from typing import Any

from django.db import migrations

ARRIVED = "Imported before the history kept arrivals."


def move_forward(apps: Any, schema_editor: Any) -> None:
    activations = apps.get_model("registry", "ActivationEvent").objects.all()
    versions = apps.get_model("registry", "ModelVersion").objects.all()
    event = apps.get_model("registry", "VersionEvent")
    event.objects.bulk_create(
        event(
            action="uploaded",
            version_id=version.pk,
            modality=version.modality,
            actor_id=version.uploaded_by_id,
            reason=ARRIVED,
            created_at=version.created_at,
        )
        for version in versions.defer("manifest")
    )
    event.objects.bulk_create(
        event(
            id=line.pk,
            action="activated",
            version_id=line.to_version_id,
            from_version_id=line.from_version_id,
            modality=line.modality,
            actor_id=line.actor_id,
            reason=line.reason,
            created_at=line.created_at,
        )
        for line in activations
    )


def move_back(apps: Any, schema_editor: Any) -> None:
    activation = apps.get_model("registry", "ActivationEvent")
    events = apps.get_model("registry", "VersionEvent").objects.filter(action="activated")
    activation.objects.bulk_create(
        activation(
            id=line.pk,
            to_version_id=line.version_id,
            from_version_id=line.from_version_id,
            modality=line.modality,
            actor_id=line.actor_id,
            reason=line.reason,
            created_at=line.created_at,
        )
        for line in events
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_version_life")]

    operations = [
        migrations.RunPython(move_forward, move_back),
        migrations.DeleteModel(name="ActivationEvent"),
    ]
