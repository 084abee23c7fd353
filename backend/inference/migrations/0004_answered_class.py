"""The class that the case answer names, to search by; also for the analyses that have finished already."""

import math

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def answered_classes_fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As `answer.case_answer` had it when this was written: the highest mean of log-probabilities."""
    analyses = apps.get_model("inference", "Analysis").objects.using(schema_editor.connection.alias)
    finished = analyses.filter(finished_at__isnull=False).prefetch_related("predictions")
    for analysis in finished.iterator(chunk_size=500):
        answers = [row.probabilities for row in analysis.predictions.all() if row.probabilities]
        if answers:
            sums = {
                name: sum(math.log(max(answer[name], 1e-12)) for answer in answers)
                for name in ("benign", "lymphoma", "metastatic")
            }
            analyses.filter(pk=analysis.pk).update(answered_class=max(sums, key=sums.__getitem__))


class Migration(migrations.Migration):
    dependencies = [("inference", "0003_analysis_first_read"), ("studies", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="analysis",
            name="answered_class",
            field=models.CharField(
                blank=True,
                default="",
                editable=False,
                help_text="What the case answer names, to search by; written when the analysis finishes.",
                max_length=16,
            ),
        ),
        migrations.RunPython(answered_classes_fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="analysis",
            index=models.Index(fields=["-created_at", "-id"], name="analysis_newest_first"),
        ),
        migrations.AddIndex(
            model_name="analysis",
            index=models.Index(fields=["answered_class", "-created_at"], name="analysis_by_class"),
        ),
    ]
