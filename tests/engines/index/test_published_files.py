"""The method files of docs/methods/published.md, run as they stand on published inputs."""

import csv
import re
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import numpy as np
import pytest

from bihuan.cli.offline import run

from .given import ROOT, needs_bench, numbers, read
from .test_published import EPI, GII, gii

pytestmark = needs_bench
PAGE = (ROOT / "docs/methods/published.md").read_text(encoding="utf-8")


def told(title: str, kind: str) -> str:
    """A block of the page."""
    part = PAGE.split(f"## {title}", 1)[1]
    found = re.search(rf"```{kind}\n(.*?)```", part, flags=re.S)
    assert found
    return found[1]


def scores(folder: Path, title: str, data: list[dict[str, str]], meta: str) -> list[dict[str, str]]:
    """What the command makes of the data by the method of the page."""
    with (folder / "idata.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(data[0]))
        writer.writeheader()
        writer.writerows(data)
    (folder / "imeta.csv").write_text(meta, encoding="utf-8")
    (folder / "method.toml").write_text(told(title, "toml"), encoding="utf-8")
    names = {"--data": "idata.csv", "--meta": "imeta.csv", "--method": "method.toml"}
    words = [word for key, name in names.items() for word in (key, str(folder / name))]
    assert run(["build", *words, "--out", str(folder / "out")]) == 0
    with (folder / "out" / "scores.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_the_human_development_index_of_every_country_and_year(tmp_path):
    rows = read("hdi/hdi_2017_2021.csv") + read("hdi/hdi_inputs_1990_2016.csv")
    names = ("le", "eys", "mys", "gnipc")
    data = [{"uCode": r["iso3"], "Time": r["year"], **{n: r[n] for n in names}} for r in rows]
    title = "Human Development Index"
    found = scores(tmp_path, title, data, told(title, "csv"))
    assert len(found) == 5571
    wrong = [
        (one["uCode"], one["Time"], one["HDI"], row["hdi"])
        for one, row in zip(found, rows, strict=True)
        if "hdi" in row
        and Decimal(float(one["HDI"])).quantize(Decimal("0.001"), ROUND_HALF_EVEN)
        != Decimal(row["hdi"])
    ]
    assert wrong == []


def test_the_environmental_performance_index_2020(tmp_path):
    shape = read("epi2020/epi2020_structure.csv")
    rows = read("epi2020/epi2020_indicator_scores.csv")
    meta = "iCode,Level,Parent,Weight,Direction,Type\n" + "".join(
        f"{r['code']},{r['level']},{r['parent']},{r['weight_within_parent']},1,"
        f"{'Indicator' if r['level'] == '1' else 'Aggregate'}\n"
        for r in shape
    )
    codes = [r["code"] for r in shape if r["level"] == "1"]
    data = [{"uCode": r["iso"], **{code: r[code] for code in codes}} for r in rows]
    found = scores(tmp_path, "Environmental Performance Index", data, meta)
    by_unit = {one["uCode"]: float(one["EPI"]) for one in found}
    assert len(by_unit) == 180
    assert {unit: by_unit[unit] for unit in EPI} == pytest.approx(EPI, abs=0.06)


def test_the_gender_inequality_index_of_every_country_and_year(tmp_path):
    rows = read("gii_inputs/gii_inputs.csv")
    title = "Gender Inequality Index"
    meta = told(title, "csv")
    leaves = [line.split(",")[0] for line in meta.splitlines()[1:] if line.endswith("Indicator")]
    data = [
        {
            "uCode": r["iso3"],
            "Time": r["year"],
            **{code: r.get(code.removesuffix("2"), "1") for code in leaves},
        }
        for r in rows
    ]
    found = scores(tmp_path, title, data, meta)
    last = {one["uCode"]: float(one["GII"]) for one in found if one["Time"] == "2021"}
    assert {unit: round(last[unit], 3) for unit in GII} == GII
    # The engine's own tree, from columns that were prepared by hand, says the same of all.
    wanted = gii(rows).top
    assert np.abs(numbers(found, ("GII",))[:, 0] - wanted).max() < 1e-12
