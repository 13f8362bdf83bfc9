"""The calendar's revisions and their days, and the limits."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import bihuan.base.clock
import bihuan.days.models


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("people", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("year", models.PositiveSmallIntegerField(null=True, verbose_name="年份")),
                ("source", models.CharField(max_length=300, verbose_name="依据")),
                ("first", models.DateField(null=True, verbose_name="变化起日")),
                ("last", models.DateField(null=True, verbose_name="变化止日")),
                (
                    "stamp",
                    models.CharField(
                        default=bihuan.days.models.new_stamp,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "日历变更",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="LegalLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("code", models.SlugField(max_length=60, verbose_name="代码")),
                ("name", models.CharField(max_length=120, verbose_name="事项")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="英文名称")),
                (
                    "bound",
                    models.CharField(
                        choices=[("most", "不超过"), ("least", "不少于")],
                        default="most",
                        max_length=10,
                        verbose_name="上限或下限",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="期限数")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("working", "个工作日"),
                            ("natural", "个自然日"),
                            ("month", "个月"),
                            ("year", "整年"),
                        ],
                        max_length=10,
                        verbose_name="计算单位",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("L", "法规原文"),
                            ("K", "待核实"),
                            ("P", "通行做法，待核实"),
                            ("W", "公开报道，待核实"),
                            ("O", "本单位规定"),
                        ],
                        max_length=1,
                        verbose_name="可靠程度",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                    ),
                ),
            ],
            options={
                "verbose_name": "法定期限",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="days_legallimit_number"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["working", "natural", "month", "year"])),
                        name="days_legallimit_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("date", models.DateField(db_index=True, verbose_name="日期")),
                ("working", models.BooleanField(null=True, verbose_name="上班")),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="节日或原因")),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="days.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "日期标记",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("revision", "date"), name="days_daymark_once")
                ],
            },
        ),
    ]
