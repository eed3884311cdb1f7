"""Delete the sessions of 0.1, whose rows hold the session keys themselves: users sign in once more."""

from typing import Any

from django.db import migrations


def delete_sessions(apps: Any, _schema_editor: Any) -> None:
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_own_tables"), ("sessions", "0001_initial")]

    operations = [migrations.RunPython(delete_sessions, migrations.RunPython.noop)]
