"""Whether all was done is told by what was urged; lists of duties are a rule table of the office.

SQLite rebuilds the table of checks and drops its triggers, so they are put on again.
"""

from typing import ClassVar

from django.db import migrations, models

from bihuan.base.models import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("winter", "0002_append_only")]
    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="frontcheck", name="winter_check_urges"),
        migrations.RemoveField(model_name="frontcheck", name="ok"),
        migrations.AlterField(
            model_name="front",
            name="duties",
            field=models.SlugField(max_length=40, verbose_name="哪一种门前五包"),
        ),
        AppendOnly("winter_frontcheck"),
    ]
