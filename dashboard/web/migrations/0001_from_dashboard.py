"""Forms that were sent belonged to the app "dashboard" in 0.1: take their table over as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("dashboard", "0003_cache_table")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Submission",
                    fields=[
                        ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("user_id", models.CharField(max_length=255)),
                        ("outcome", models.JSONField(null=True)),
                        ("sent_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                    ],
                    options={"db_table": "dashboard_submission"},
                )
            ]
        )
    ]
