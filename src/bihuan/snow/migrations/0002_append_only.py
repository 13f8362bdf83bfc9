"""What was reported from the street refuses UPDATE and DELETE from now on."""

from typing import ClassVar

from django.db import migrations

from bihuan.base.models import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("snow", "0001_initial")]
    operations: ClassVar = [
        AppendOnly("snow_teamreport"),
        AppendOnly("snow_sectionstate"),
    ]
