"""The public face: without a sign-in, kept by caches, harmless, and never a draft."""

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from django.core.cache import cache

from bihuan.press import services
from bihuan.press.pages import public
from tests.rooms.press.conftest import TRUE

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


def test_a_stranger_reads_figures_with_scope_and_period_and_no_draft(release, published, browse):
    shown = published(release(headline="可以看的"))
    release(headline="草稿不能看")
    page = browse().get("/public/").content.decode()
    assert "可以看的" in page
    assert "草稿不能看" not in page
    assert "不含富士康结转" in page
    assert shown.slug in page


def test_a_known_page_costs_304_and_caches_may_keep_it_for_a_minute(told, browse):
    first = browse().get("/public/")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = browse().get("/public/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "sessionid" not in first.cookies


def test_both_languages_are_kept_apart(told, browse):
    chinese = browse().get("/public/", headers={"Accept-Language": "zh-CN"}).content.decode()
    english = browse().get("/public/", headers={"Accept-Language": "en"}).content.decode()
    assert 'lang="zh-hans"' in chinese
    assert 'lang="en"' in english


def test_the_feed_is_atom_and_holds_corrections(release, published, post, browse):
    one = published(release(headline="原稿"))
    newer = services.correct(one, by=post("econ-liaison"), correction="标题有误", headline="更正稿")
    published(newer)
    tree = ElementTree.fromstring(browse().get("/public/feed.atom").content)
    titles = [entry.find(f"{ATOM}title").text for entry in tree.iter(f"{ATOM}entry")]
    assert titles == ["更正稿", "原稿"]
    assert any("标题有误" in "".join(entry.itertext()) for entry in tree.iter(f"{ATOM}entry"))


def test_open_data_has_unit_scope_quote_and_source(told, browse):
    told_ = json.loads(browse().get("/public/figures.json").content)
    trade = next(one for one in told_["figures"] if one["code"] == "trade")
    assert (trade["value"], trade["unit"], trade["scope"]) == ("220", "亿元", "不含富士康结转")
    assert "220亿元" in trade["quote"]
    rows = list(
        csv.DictReader(io.StringIO(browse().get("/public/figures.csv").content.decode("utf-8-sig")))
    )
    assert {row["code"] for row in rows} == {one["code"] for one in told_["figures"]}
    assert browse().get("/public/figures.xml").status_code == 404


@pytest.mark.parametrize("start", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1"])
def test_no_cell_of_the_csv_is_a_formula(start, monkeypatch):
    row = dict.fromkeys(public.OPEN_FIELDS, "") | {"indicator": start, "value": "-4"}
    monkeypatch.setattr(public, "rows", lambda: [row])
    (line,) = csv.DictReader(io.StringIO(public.as_csv().decode("utf-8-sig")))
    assert line["indicator"] == f"'{start}"
    assert line["value"] == "-4"  # a number stays a number


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "\u202e倒写", "]]>&amp;", "=1+1"])
def test_hostile_text_is_text_on_every_public_page(release, published, browse, hostile):
    one = published(release(TRUE + hostile, headline=f"题{hostile[:40]}"))
    for address in ("/public/", one.public_url(), "/public/feed.atom"):
        page = browse().get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "\u202e" not in page or address != one.public_url()
    ElementTree.fromstring(browse().get("/public/feed.atom").content)


def test_the_root_of_each_day_is_there(told, browse):
    from bihuan.audit import queries as audit

    page = browse().get("/public/roots/").content.decode()
    assert audit.head()[1] in page


def test_internal_figures_do_not_leave(told, browse):
    from bihuan.facts.models import Indicator

    hidden = set(Indicator.objects.exclude(verb="").values_list("code", flat=True))
    shown = {
        one["code"] for one in json.loads(browse().get("/public/figures.json").content)["figures"]
    }
    assert not hidden & shown
