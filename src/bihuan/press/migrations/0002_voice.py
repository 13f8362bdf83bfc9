from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import bihuan.base.clock


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("facts", "0002_append_only"),
        ("people", "0001_initial"),
        ("press", "0001_initial"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("number", models.PositiveIntegerField(verbose_name="编号")),
                ("text", models.TextField(verbose_name="意见")),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="联系方式")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "待办理"),
                            ("answered", "已答复"),
                            ("raised", "已列为问题"),
                            ("aside", "不办理"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="办理时间")),
            ],
            options={
                "verbose_name": "公众意见",
                "ordering": ("release", "number"),
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=bihuan.base.clock.now, editable=False)),
                ("what", models.CharField(max_length=80)),
                ("key", models.CharField(max_length=24)),
            ],
            options={
                "verbose_name": "来访记数",
            },
        ),
        migrations.AddField(
            model_name="figure",
            name="code",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="figure",
            name="name",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="figure",
            name="period",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="figure",
            name="scope",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="figure",
            name="value",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="release",
            name="opinions_until",
            field=models.DateField(blank=True, null=True, verbose_name="征求意见至"),
        ),
        migrations.AddField(
            model_name="release",
            name="outcome",
            field=models.TextField(blank=True, verbose_name="意见办理情况"),
        ),
        migrations.AlterField(
            model_name="figure",
            name="observation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="facts.observation",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("observation__isnull", False),
                    models.Q(("code", ""), _negated=True),
                    _connector="OR",
                ),
                name="press_figure_points",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.post",
                verbose_name="",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="release",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opinions",
                to="press.release",
            ),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["what", "created_at"], name="press_visit_when"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(
                fields=("release", "number"), name="press_opinion_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "new"), ("contact", ""), _connector="OR"),
                name="press_opinion_contact_erased",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "new"),
                    models.Q(
                        models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="press_opinion_says_what",
            ),
        ),
    ]
