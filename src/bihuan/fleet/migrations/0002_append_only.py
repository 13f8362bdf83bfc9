"""What was decided about keeping tracks, and who looked at them, refuses UPDATE and DELETE."""

from typing import ClassVar

from django.db import migrations

from bihuan.base.models import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("fleet", "0001_initial")]
    operations: ClassVar = [
        AppendOnly("fleet_keeping"),
        AppendOnly("fleet_look"),
    ]
