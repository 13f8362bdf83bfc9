"""Setting up a data folder: tables, the zone, the first sign-ins; whoever comes first does it."""

import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from bihuan.assessment import sample as assessment
from bihuan.base import clock, tables
from bihuan.base.errors import Refused
from bihuan.base.models import guards_missing
from bihuan.designs import sample as designs
from bihuan.fleet import sample as fleet
from bihuan.meetings import sample as meetings
from bihuan.press import sample as press
from bihuan.projects import sample as projects
from bihuan.reviews import sample as reviews
from bihuan.roads import sample as roads
from bihuan.site import demo, sample_year, story, zone
from bihuan.snow import sample as snow
from bihuan.winter import sample as winter


@contextmanager
def step(label: str) -> Iterator[None]:
    """One line on stderr: what is being done, and how long it took."""
    started = time.monotonic()
    click.echo(f"· {label} … ", nl=False, err=True)
    sys.stderr.flush()
    try:
        yield
    except BaseException:
        click.echo("", err=True)
        raise
    click.echo(f"{time.monotonic() - started:.1f} s", err=True)


def ready(*, sample: bool = True, told: bool = True, guarded: bool = True) -> None:
    """The data folder as this version needs it: tables migrated, a zone in it.

    `told` says whether a new sample zone also gets its story, or only units and accounts.
    `guarded=False` goes on where a guard is missing: for those who want to see what was touched.
    """
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with step(_("建立或更新数据表")):
            if tables.is_empty():
                tables.build()
            else:
                call_command("migrate", verbosity=0, interactive=False)
    if guarded and (fault := unguarded()):
        raise Refused(fault)
    if zone.root() is None:
        if sample:
            # Back then, so that the zone stood before its story began.
            founded = clock.now() - timedelta(days=sample_year.FOUNDED)
            with step(_("建立示例分区")), clock.held_at(founded):
                demo.load()
            if told:
                with step(_("载入示例数据：一年的台账和公布的数据")):
                    sample_year.tell()
                    story.tell()
                with step(_("计算示例分区的考核测算")):
                    assessment.load_sample()
                with step(_("开一次示例的述职测评会和民主生活会")):
                    meetings.load_sample()
                    reviews.load_sample()
                with step(_("载入示例项目和方案审查")):
                    projects.load_sample()
                    designs.load_sample()
                with step(_("载入示例路网和车辆")):
                    roads.load_sample()
                    fleet.load_sample()
                with step(_("载入示例的冬季准备")):
                    winter.load_sample()
                with step(_("载入示例的一场雪")):
                    snow.load_sample(demo.acting("leader"))
                with step(_("载入示例公文和发布稿")):
                    press.load_sample()
        else:
            _bare()


def unguarded() -> str:
    """What to say of append-only tables that have lost their guards; empty if none has."""
    missing = guards_missing(connection)
    if not missing:
        return ""
    return _("这些只增不改的表缺少保护触发器：%(tables)s。数据可能被动过，请先查明再启动。") % {
        "tables": _("、").join(missing)
    }


def _bare() -> None:
    password = secrets.token_urlsafe(12)
    with step(_("建立空白分区")):
        demo.load_bare(password)
    click.echo(
        _("管理员账号 admin，初始密码 %(password)s，只显示这一次；首次登录须改密码。")
        % {"password": password},
        err=True,
    )
