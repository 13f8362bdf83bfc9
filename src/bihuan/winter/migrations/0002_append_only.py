"""What moved, was drilled, checked and decided refuses UPDATE and DELETE from now on."""

from typing import ClassVar

from django.db import migrations

from bihuan.base.models import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("winter", "0001_initial")]
    operations: ClassVar = [
        AppendOnly("winter_movement"),
        AppendOnly("winter_drill"),
        AppendOnly("winter_frontcheck"),
        AppendOnly("winter_seasontable"),
    ]
