"""The web server: cheroot, threads, uploads streamed; prints where it is and who may sign in."""

import contextlib
import os
import signal
import socket
import sys
import unicodedata
from types import FrameType
from typing import Any

import click
from cheroot import server as cheroot
from cheroot import wsgi
from django.db import connections
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bihuan.base.errors import Refused
from bihuan.cli.bodies import reading_on
from bihuan.files import store
from bihuan.jobs import executor
from bihuan.jobs import services as jobs
from bihuan.people.models import Account
from bihuan.site import demo, zone
from bihuan.site.wsgi import application

# Most of them wait: for a disk, or for the ballots that are committed together with theirs.
THREADS = 32
# A hall of a thousand phones reloads within seconds; those that do not find room are turned away.
BACKLOG = 1024
KEPT_ALIVE = 256
OPEN_FILES = 16_384
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class _Connection(cheroot.HTTPConnection):
    """A connection that knows whether it has said anything yet."""

    heard = False


class Server(wsgi.Server):
    """Cheroot's server, in which a connection takes a thread only once it says something.

    Browsers open connections in advance and leave them silent: a few phones would hold every
    thread for a minute each.
    """

    ConnectionClass = _Connection
    keep_alive_conn_limit = KEPT_ALIVE

    def process_conn(self, conn: Any) -> None:
        """Hand a connection to a thread, or first wait with all the others for its first byte."""
        if conn.heard:
            super().process_conn(conn)
        else:
            conn.heard = True
            self.put_conn(conn)


def listening(host: str, port: int) -> Server:
    """The server, not yet bound to its port."""
    server = Server(
        (host, port),
        reading_on(application),
        numthreads=THREADS,
        server_name="bihuan",
        request_queue_size=BACKLOG,
    )
    # A large upload may take its time on a slow line; a silent connection may not.
    server.timeout = 60
    return server


def serve(host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    _open_files()
    server = listening(host, port)
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.prepare()
    except OSError as fault:
        raise Refused(
            _("端口 %(port)d 用不了：%(reason)s。请用 --port 换一个。")
            % {"port": port, "reason": _reason(fault)}
        ) from None
    try:  # from here on its threads run, and a stop at any moment must end them
        _tidy_up()  # only now: a server that finds its port taken must not touch the other's jobs
        _announce(host, server.bind_addr[1])
        server.serve()
    except KeyboardInterrupt:
        click.echo(_("正在停止 …"), err=True)
    finally:
        server.stop()
        jobs.shut_down()
    _end()


def _open_files() -> None:
    """Room for the connections of a full hall; a system's first answer is often 1,024."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows, which has no such limit

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
        if 0 <= soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _tidy_up() -> None:
    """Unfinished jobs and half-written files of a server that did not stop by itself."""
    store.sweep()
    if n := jobs.mark_lost():
        click.echo(
            ngettext(
                "上次停下时有 %(n)d 个作业没有做完，已记为中断。",
                "上次停下时有 %(n)d 个作业没有做完，已记为中断。",
                n,
            )
            % {"n": n},
            err=True,
        )


def _end() -> None:
    """End now, even if a piece in a thread, which nothing can stop, would compute for an hour."""
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    if executor.still_busy():
        os._exit(0)


def _announce(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    click.echo(
        _("闭环已启动：http://%(host)s:%(port)d/ （按 Ctrl-C 停止）")
        % {"host": shown, "port": port}
    )
    if not zone.is_sample():
        return
    if host not in LOOPBACK:
        click.echo(
            _("注意：示例账号的密码是公开的。对外开放前，请用 --no-sample 建立空白分区。"), err=True
        )
    click.echo(_("示例账号（密码都是 %(password)s）：") % {"password": demo.PASSWORD})
    english = get_language() == "en"
    present = set(Account.objects.filter(is_active=True).values_list("username", flat=True))
    for account in demo.ACCOUNTS:
        if account.username in present:
            title = account.title_en if english else account.title
            click.echo(f"  {account.username:<14}{_padded(title, 24)}{_(account.does)}")


def _padded(text: str, width: int) -> str:
    """Pad for a terminal, where a Chinese character takes two columns."""
    shown = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return text + " " * max(1, width - shown)


def _reason(fault: OSError) -> str:
    if isinstance(fault, socket.gaierror):
        return _("地址不存在")
    return fault.strerror or str(fault)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
