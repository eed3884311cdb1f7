"""The table of the cache that all workers share (CACHES): so `migrate` alone makes everything."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make_table(_apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("dashboard", "0002_sign_in_attempts")]

    operations = [migrations.RunPython(make_table, migrations.RunPython.noop)]
