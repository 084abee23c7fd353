"""Tokens get a name, scopes and an end. Those of before keep working: for analyses, and for another 90 days."""

from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone

SCOPES_OF_BEFORE = ["analyses:read", "analyses:write"]
DAYS_LEFT = 90


def give_former_tokens_their_scopes(apps, schema_editor):
    tokens = apps.get_model("accounts", "ApiToken").objects.using(schema_editor.connection.alias)
    tokens.update(
        name="token", scopes=SCOPES_OF_BEFORE, expires_at=timezone.now() + timedelta(days=DAYS_LEFT)
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(name="apitoken", options={"ordering": ["-created_at", "-id"]}),
        migrations.AddField(
            "apitoken", "name", models.CharField(max_length=80, default="token"), preserve_default=False
        ),
        migrations.AddField("apitoken", "scopes", models.JSONField(default=list, editable=False)),
        migrations.AddField("apitoken", "expires_at", models.DateTimeField(null=True, editable=False)),
        migrations.RunPython(give_former_tokens_their_scopes, migrations.RunPython.noop, elidable=False),
        migrations.AlterField("apitoken", "expires_at", models.DateTimeField(editable=False)),
    ]
