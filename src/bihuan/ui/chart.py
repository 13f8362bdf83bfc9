"""Charts over their tables and maps over their lists, as declared data.

The browser draws from the JSON in the page; without JavaScript, and on paper where a reader wants
figures, the table or list under it says the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from bihuan.ui.table import Cell, Column, Row, Table


@dataclass(frozen=True)
class Series:
    """One named run of values, as long as the chart's categories; None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Chart:
    """A chart and, from the same numbers, its table. `reverse_y` puts rank 1 on top.

    A "waterfall" has one series: where it starts, each change, where it ends.

    `under` is a table of the same numbers that says more, such as where each of them leads.
    """

    kind: Literal["bar", "line", "stacked", "pie", "scatter", "waterfall"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    axis: str = ""
    reverse_y: bool = False
    under: Table | None = None

    template: ClassVar[str] = "ui/parts/chart.html"

    @property
    def declaration(self) -> dict[str, Any]:
        """What `chart.js` reads."""
        return {
            "kind": self.kind,
            "title": self.title,
            "unit": self.unit,
            "categories": list(self.categories),
            "series": [{"name": s.name, "values": list(s.values)} for s in self.series],
            "reverse_y": self.reverse_y,
        }

    @property
    def table(self) -> Table:
        """The same numbers for those who would rather read."""
        if self.under is not None:
            return self.under
        heads = (Column(self.axis), *(Column(s.name, number=True) for s in self.series))
        lines = tuple(
            Row(
                (
                    Cell(category),
                    *(Cell(s.values[i], kind="number", note=self.unit) for s in self.series),
                )
            )
            for i, category in enumerate(self.categories)
        )
        return Table(heads, lines)


@dataclass(frozen=True)
class Routes:
    """Ways of several things on one map, each in a colour of its own, beside the list of them.

    There may be many, so the browser asks an address for them (GeoJSON; `group` says whose way it
    is, `work` whether something is done there). Above the map one can be chosen by name.
    """

    title: str
    address: str
    table: Table
    every: str  # what "all of them" is called
    intro: str = ""
    one: str = ""  # the group that alone is shown

    template: ClassVar[str] = "ui/parts/routes.html"

    @property
    def declaration(self) -> dict[str, Any]:
        """What `map.js` reads."""
        return {
            "address": self.address, "every": self.every, "one": self.one,
            "label": self.table.columns[0].label,
        }  # fmt: skip


@dataclass(frozen=True)
class Map:
    """Places on a map (GeoJSON, WGS-84) over a list of the same places."""

    title: str
    features: tuple[Mapping[str, Any], ...]
    table: Table

    template: ClassVar[str] = "ui/parts/map.html"

    @property
    def declaration(self) -> dict[str, Any]:
        """What `map.js` reads."""
        return {"type": "FeatureCollection", "features": [dict(f) for f in self.features]}
