"""The table of observations refuses UPDATE and DELETE from now on."""

from typing import ClassVar

from django.db import migrations

from bihuan.base.models import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("facts", "0001_initial")]
    operations: ClassVar = [AppendOnly("facts_observation")]
