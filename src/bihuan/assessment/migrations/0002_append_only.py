"""Declared and peers' cells, points and scores refuse UPDATE and DELETE from now on."""

from typing import ClassVar

from django.db import migrations

from bihuan.base.models import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar = [("assessment", "0001_initial")]
    operations: ClassVar = [
        AppendOnly("assessment_cell"),
        AppendOnly("assessment_peerload"),
        AppendOnly("assessment_peercell"),
        AppendOnly("assessment_point"),
        AppendOnly("assessment_score"),
    ]
