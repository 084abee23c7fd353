"""Sessions that can be ended all at once; tokens that know whether a second factor had been shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_token_scopes")]

    operations = [
        migrations.AddField(
            "user",
            "sessions_ended",
            models.PositiveIntegerField(
                default=0,
                editable=False,
                help_text="How often all of the account's sessions were ended at once.",
            ),
        ),
        migrations.AddField(
            "apitoken",
            "second_factor",
            models.BooleanField(
                default=False,
                editable=False,
                help_text="Made in a session that had shown a second factor.",
            ),
        ),
    ]
