"""Attempts in which work began, apart from those in which a row was only taken along."""

from django.db import migrations, models
from django.db.models import F


def starts_from_attempts(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Until now every attempt began at once. Ended rows are never tried again."""
    predictions = apps.get_model("inference", "Prediction").objects.using(schema_editor.connection.alias)
    predictions.filter(state__in=("queued", "running")).update(starts=F("attempt"))


class Migration(migrations.Migration):
    dependencies = [
        ("inference", "0011_spread"),
    ]

    operations = [
        migrations.AddField(
            model_name="prediction",
            name="starts",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, help_text="Attempts in which work on it began: these are limited."
            ),
        ),
        migrations.RunPython(starts_from_attempts, migrations.RunPython.noop),
    ]
