"""Name the tables after this app, and what an attempt is counted under in full."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_from_dashboard"), ("dashboard", "0004_models_moved")]

    operations = [
        migrations.AlterModelTable("preference", None),
        migrations.AlterModelTable("signinattempt", None),
        migrations.RemoveIndex("signinattempt", "dashboard_s_of_d15c0b_idx"),
        migrations.RenameField("signinattempt", "of", "counted_under"),
        migrations.AddIndex("signinattempt", models.Index(fields=["counted_under", "at"], name="sign_in_attempts")),
    ]
