"""How long it takes to look at a ledger of 20,000 problems, to confirm it, and to look again.

Run: .venv/bin/python benchmarks/ledger_import.py [rows]. A data folder of its own, thrown away
afterwards; generated data. CPU seconds of this process, so that a busy machine counts less.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from ledger_workbook import UNITS, rows, timed


def main(count: int) -> None:
    import django

    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command

    from bihuan.base import clock
    from bihuan.cli.acting import acting
    from bihuan.exchange.workbook import write_ledger
    from bihuan.ledger import services
    from bihuan.ledger.queries import comparing
    from bihuan.ledger.queries import intake as asked
    from bihuan.people.models import Unit
    from bihuan.site import demo

    call_command("migrate", verbosity=0)
    demo.load()
    names = list(Unit.objects.order_by("pk").values_list("name", flat=True))
    UNITS[:] = (names * 60)[:60]
    content = write_ledger(rows(count), title="示例数据：2022年问题整改台账").content
    by = acting("clerk")

    def look() -> Any:
        read = asked.reading_of(content, name="示例.xlsx", year=None, today=clock.today())
        return comparing.lines(read)

    def confirm() -> dict[str, int]:
        upload = SimpleUploadedFile("示例.xlsx", content)
        return services.confirm_intake(services.receive_workbook(by=by, upload=upload), by=by)

    steps: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("yardstick: ten million squares", lambda: sum(i * i for i in range(10_000_000))),
        ("looked at: read and compared", look),
        ("received, read, compared, written", confirm),
        ("looked at again: all there already", look),
        ("confirmed again: nothing to write", confirm),
    )
    for label, work in steps:
        seconds, result = timed(work)
        told = result if isinstance(result, dict) else ""
        print(f"{label:40}{seconds:8.2f} s  {told}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="bihuan-benchmark-") as folder:
        os.environ["BIHUAN_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.site.settings"
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
