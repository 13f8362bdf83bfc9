"""What was once entered is kept: these tables refuse UPDATE and DELETE from now on."""

from typing import ClassVar

from django.db import migrations

from bihuan.base.models import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("days", "0001_initial")]
    operations: ClassVar = [
        AppendOnly("days_revision"),
        AppendOnly("days_daymark"),
        AppendOnly("days_legallimit"),
    ]
