"""Name the table after this app."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("web", "0001_from_dashboard"), ("dashboard", "0004_models_moved")]

    operations = [migrations.AlterModelTable("submission", None)]
