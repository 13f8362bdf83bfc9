"""The first version of a plan is called one."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("snow", "0005_plan")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="plan",
            name="cause",
            field=models.CharField(
                choices=[
                    ("first", "首版"),
                    ("readiness", "由备用方案启动"),
                    ("breakdown", "车坏了"),
                    ("late", "晚出车"),
                    ("closed", "封路"),
                    ("snow", "又下雪"),
                    ("order", "要求先做"),
                    ("behind", "落在后面"),
                ],
                default="first",
                max_length=10,
                verbose_name="为什么有这一版",
            ),
        ),
    ]
