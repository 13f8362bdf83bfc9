"""What was written down of a finding, and how it stood, refuses UPDATE and DELETE from now on."""

from typing import ClassVar

from django.db import migrations

from bihuan.base.models import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0001_initial")]
    operations: ClassVar = [
        AppendOnly("ledger_progress"),
        AppendOnly("ledger_evidence"),
        AppendOnly("ledger_verification"),
        AppendOnly("ledger_recheck"),
        AppendOnly("ledger_stint"),
        AppendOnly("ledger_ruletable"),
        AppendOnly("ledger_importedrow"),
        AppendOnly("ledger_sample"),
    ]
