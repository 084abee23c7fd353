"""How far the members of an ensemble disagree."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inference", "0010_fusion"),
    ]

    operations = [
        migrations.AddField(
            model_name="prediction",
            name="spread",
            field=models.JSONField(
                blank=True,
                editable=False,
                help_text="Low and high by class, of the members of an ensemble; null: one model alone.",
                null=True,
            ),
        ),
    ]
