"""What lives below the line knows no web framework, and every room keeps to the known names."""

import subprocess
import sys
from pathlib import Path

import bihuan

PACKAGE = Path(bihuan.__file__).parent


def test_exchange_loads_without_django():
    script = (
        "import pkgutil, importlib, sys, bihuan.exchange as room\n"
        "for m in pkgutil.walk_packages(room.__path__, 'bihuan.exchange.'):\n"
        "    importlib.import_module(m.name)\n"
        "assert 'bihuan.exchange.page' in sys.modules\n"
        "sys.exit('django' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_no_file_has_a_name_that_says_nothing():
    forbidden = {"utils.py", "helpers.py", "common.py", "managers.py", "signals.py", "misc.py"}
    assert [p for p in PACKAGE.rglob("*.py") if p.name in forbidden] == []


def test_no_file_has_grown_fat():
    ours = [p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts]  # Django writes those
    sizes = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in ours}
    assert {p.name: n for p, n in sizes.items() if n > 600} == {}
