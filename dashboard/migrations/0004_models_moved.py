"""The models are those of the apps "accounts" and "web" now; their tables stay."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0003_cache_table"),
        ("accounts", "0001_from_dashboard"),
        ("web", "0001_from_dashboard"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("Preference"),
                migrations.DeleteModel("SignInAttempt"),
                migrations.DeleteModel("Submission"),
            ]
        )
    ]
