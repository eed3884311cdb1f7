"""The slug of a project may have more than 255 characters: PostgreSQL refused it, SQLite did not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sessions_without_keys")]

    operations = [migrations.AlterField("preference", "last_project", models.TextField(blank=True))]
