from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("designs", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.DeleteModel(
            name="Arrival",
        ),
    ]
