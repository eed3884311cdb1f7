"""Preferences and attempts to sign in belonged to the app "dashboard" in 0.1: take their tables over as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("dashboard", "0003_cache_table")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Preference",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("keystone_url", models.CharField(max_length=500)),
                        ("user_id", models.CharField(max_length=255)),
                        ("last_project", models.CharField(blank=True, max_length=255)),
                    ],
                    options={
                        "db_table": "dashboard_preference",
                        "constraints": [
                            models.UniqueConstraint(fields=("keystone_url", "user_id"), name="one_preference_a_person")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignInAttempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("of", models.CharField(max_length=64)),
                        ("at", models.DateTimeField(auto_now_add=True, db_index=True)),
                    ],
                    options={
                        "db_table": "dashboard_signinattempt",
                        "indexes": [models.Index(fields=["of", "at"], name="dashboard_s_of_d15c0b_idx")],
                    },
                ),
            ]
        )
    ]
