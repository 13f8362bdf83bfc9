"""The sample scenario (示例任务): the schematic network, its yards, three vehicles a company."""

from pathlib import Path

from bihuan.engines.routing.plan.scenario import Scenario
from bihuan.exchange.roads import schematic
from bihuan.exchange.routes.scenario import read

FILE = Path(__file__).with_name("sample.toml")
EACH = 2


def sample_text(each: int = EACH) -> str:
    """The file with the yards of the schematic network written out."""
    rows = []
    for yard in schematic.sample().yards:
        rows.append(
            f'\n[[yards]]\nname = "{yard.name}"\nlon = {yard.lon:.6f}\nlat = {yard.lat:.6f}\n'
            f'refill = {str(yard.refill).lower()}\ncompany = "{yard.company}"\n'
            f'[[vehicles]]\nyard = "{yard.name}"\ntype = "推撒一体车"\ncount = {each}\n'
        )
    return FILE.read_text(encoding="utf-8") + "".join(rows)


def sample(each: int = EACH) -> Scenario:
    """示例任务，已读好。"""
    return read(sample_text(each).encode(), schematic.sample().network)
