"""What was relayed, signed, published and remarked refuses UPDATE and DELETE from now on."""

from typing import ClassVar

from django.db import migrations

from bihuan.base.models import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("snow", "0003_event")]
    operations: ClassVar = [
        AppendOnly("snow_relayedwarning"),
        AppendOnly("snow_levelchange"),
        AppendOnly("snow_correction"),
        AppendOnly("snow_remark"),
        AppendOnly("snow_publication"),
        AppendOnly("snow_eventtable"),
    ]
