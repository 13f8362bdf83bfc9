from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import bihuan.base.clock


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar = [
        ("files", "0002_append_only"),
        ("people", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Front",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("name", models.CharField(max_length=120, verbose_name="商户")),
                ("street", models.CharField(max_length=120, verbose_name="道路")),
                ("stretch", models.CharField(blank=True, max_length=160, verbose_name="门前范围")),
                (
                    "duties",
                    models.CharField(
                        choices=[
                            ("a", "卫生、秩序、绿化、亮化、设施"),
                            ("b", "卫生、绿化、秩序、设施、文明"),
                        ],
                        max_length=4,
                        verbose_name="哪一种门前五包",
                    ),
                ),
                ("gone", models.BooleanField(default=False, verbose_name="已不在")),
                ("sample", models.BooleanField(default=False, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
                (
                    "inspector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="谁检查",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "门前五包门面",
                "ordering": ("street", "name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="FrontCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("ok", models.BooleanField(verbose_name="都做到了")),
                ("missed", models.JSONField(default=list, verbose_name="没做到的")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("urged_until", models.DateTimeField(null=True, verbose_name="催办到")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
                (
                    "front",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="winter.front",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.version",
                    ),
                ),
            ],
            options={
                "verbose_name": "门前查看",
                "ordering": ("-at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Season",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("title", models.CharField(max_length=160, verbose_name="名称")),
                ("title_en", models.CharField(blank=True, max_length=240, verbose_name="英文名称")),
                ("starts", models.DateField(verbose_name="从哪天起")),
                ("ends", models.DateField(verbose_name="到哪天止")),
                ("text", models.TextField(blank=True, verbose_name="总的安排")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "拟定中"), ("in_force", "执行中"), ("over", "已结束")],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "signed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="签发时间"),
                ),
                ("sample", models.BooleanField(default=False, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
            ],
            options={
                "verbose_name": "扫雪除冰预案",
                "ordering": ("-starts", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="SeasonTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("code", models.SlugField(max_length=40, verbose_name="代码")),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("rows", models.JSONField(verbose_name="内容")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
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
                "verbose_name": "冬季规则表",
                "ordering": ("code", "version"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Store",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=300, verbose_name="英文名称")),
                ("place", models.CharField(blank=True, max_length=160, verbose_name="地点")),
                ("closed", models.BooleanField(default=False, verbose_name="已停用")),
                ("sample", models.BooleanField(default=False, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="管库单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "融雪剂库房",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("name", models.CharField(max_length=200, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=300, verbose_name="英文名称")),
                ("task", models.CharField(blank=True, max_length=200, verbose_name="负责什么")),
                ("dissolved", models.BooleanField(default=False, verbose_name="已撤销")),
                ("sample", models.BooleanField(default=False, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="winter.team",
                        verbose_name="属哪支队伍",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "应急队伍",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Strength",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("trade", models.SlugField(max_length=40, verbose_name="工种")),
                ("shift", models.SlugField(max_length=40, verbose_name="班次")),
                ("people", models.PositiveIntegerField(verbose_name="人数")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="strengths",
                        to="winter.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "队伍人数",
                "ordering": ("team", "trade", "shift"),
            },
        ),
        migrations.CreateModel(
            name="Movement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("product", models.SlugField(max_length=40, verbose_name="品种")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("receipt", "入库"),
                            ("issue", "出库"),
                            ("count", "盘点"),
                            ("reversal", "冲正"),
                        ],
                        max_length=10,
                        verbose_name="哪一类",
                    ),
                ),
                ("kg", models.IntegerField(verbose_name="公斤")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("what", models.CharField(max_length=200, verbose_name="凭证或用途")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="winter.movement",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="winter.store",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="winter.team",
                        verbose_name="领用队伍",
                    ),
                ),
            ],
            options={
                "verbose_name": "融雪剂收发",
                "ordering": ("-at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="ToolStock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("tool", models.SlugField(max_length=40, verbose_name="器具")),
                ("number", models.PositiveIntegerField(verbose_name="数量")),
                (
                    "lower_bound",
                    models.BooleanField(default=False, verbose_name="以上（只知道下限）"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tools",
                        to="winter.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "手工器具",
                "ordering": ("team", "tool"),
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="合同编号")),
                ("starts", models.DateField(verbose_name="从哪天起")),
                ("ends", models.DateField(verbose_name="到哪天止")),
                ("kinds", models.JSONField(default=list, verbose_name="道路等级")),
                ("streets", models.JSONField(default=list, verbose_name="道路")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("stopped_on", models.DateField(blank=True, null=True, verbose_name="提前终止")),
                (
                    "stopped_why",
                    models.CharField(blank=True, max_length=300, verbose_name="终止的原因"),
                ),
                ("sample", models.BooleanField(default=False, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="公司",
                    ),
                ),
            ],
            options={
                "verbose_name": "清雪合同",
                "ordering": ("number",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gte", models.F("starts"))),
                        name="winter_contract_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stopped_on__isnull", True),
                            models.Q(("stopped_why", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="winter_contract_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Drill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("on", models.DateField(verbose_name="日期")),
                ("scenario", models.CharField(max_length=300, verbose_name="演练内容")),
                ("people", models.PositiveIntegerField(verbose_name="参加人数")),
                ("vehicles", models.PositiveIntegerField(verbose_name="出动车辆")),
                ("minutes", models.PositiveIntegerField(verbose_name="几分钟出动")),
                ("limit_minutes", models.PositiveIntegerField(verbose_name="规定几分钟")),
                ("lacking", models.TextField(blank=True, verbose_name="发现缺什么")),
                ("sample", models.BooleanField(default=False, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
            ],
            options={
                "verbose_name": "演练",
                "ordering": ("-on", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scenario", ""), _negated=True),
                        name="winter_drill_scenario",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("day", models.DateField(verbose_name="日期")),
                ("shift", models.SlugField(max_length=40, verbose_name="班次")),
                ("role", models.SlugField(max_length=40, verbose_name="岗位")),
                ("sample", models.BooleanField(default=False, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="",
                    ),
                ),
                (
                    "who",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.post",
                        verbose_name="谁",
                    ),
                ),
            ],
            options={
                "verbose_name": "值班",
                "ordering": ("day", "shift", "role"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "shift", "role"), name="winter_duty_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="front",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gone", False)),
                fields=("street", "name"),
                name="winter_front_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="frontcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("ok", True), ("urged_until__isnull", False), _connector="OR"),
                name="winter_check_urges",
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))), name="winter_season_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"), ("signed_at__isnull", False), _connector="OR"
                ),
                name="winter_season_signed",
            ),
        ),
        migrations.AddConstraint(
            model_name="season",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "in_force")),
                fields=("state",),
                name="winter_season_one_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="seasontable",
            constraint=models.UniqueConstraint(
                fields=("code", "version"), name="winter_table_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="seasontable",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True), name="winter_table_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="store",
            constraint=models.UniqueConstraint(fields=("name",), name="winter_store_name"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dissolved", False)), fields=("name",), name="winter_team_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parent__isnull", True),
                    models.Q(("parent", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="winter_team_parent",
            ),
        ),
        migrations.AddConstraint(
            model_name="strength",
            constraint=models.UniqueConstraint(
                fields=("team", "trade", "shift"), name="winter_strength_once"
            ),
        ),
        migrations.AddIndex(
            model_name="movement",
            index=models.Index(fields=["store", "product", "at"], name="winter_movement_at"),
        ),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kg__gt", 0), ("kind", "receipt")),
                    models.Q(("kg__lt", 0), ("kind", "issue"), ("team__isnull", False)),
                    ("kind", "count"),
                    models.Q(("kind", "reversal"), ("reverses__isnull", False)),
                    _connector="OR",
                ),
                name="winter_movement_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(("what", ""), _negated=True), name="winter_movement_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="toolstock",
            constraint=models.UniqueConstraint(fields=("team", "tool"), name="winter_tool_once"),
        ),
    ]
