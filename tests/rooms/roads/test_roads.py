"""The network: one version in use, marks that stay with their section, faults in sentences."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.audit.models import Entry
from bihuan.base.errors import NotAllowed, Refused
from bihuan.roads import bridge, queries, sample, services
from bihuan.roads.models import NetworkVersion, Place

SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"highway": "primary", "name": name},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for name, line in (
            ("示例一路", [[113.70, 34.70], [113.71, 34.70]]),
            ("示例二路", [[113.71, 34.70], [113.71, 34.71]]),
            ("示例三路", [[113.71, 34.71], [113.70, 34.71]]),
            ("示例四路", [[113.70, 34.71], [113.70, 34.70]]),
        )
    ],
}


@pytest.fixture
def streets(db):
    sample.load_sample()


def upload(content, name="net.geojson"):
    return SimpleUploadedFile(name, json.dumps(content).encode())


def test_the_sample_has_the_roads_of_the_page_its_key_ones_marked(streets):
    named = set(queries.sections().values_list("street", flat=True))
    assert set(sample.KEY) <= named
    key = set(queries.sections().filter(key=True).values_list("street", flat=True))
    assert key == set(sample.KEY)
    assert Place.objects.filter(kind="bridge", icing=True).exists()
    assert queries.network().nodes == queries.active().nodes


def test_a_new_version_takes_the_place_and_marks_stay_with_their_section(streets, post):
    before = queries.active()
    marked = queries.sections().first()
    services.mark(marked, by=post("duty"), icing=True, key=True)
    loaded = services.load_network(bridge.sample().network, by=post("duty"), name="第二版")
    assert NetworkVersion.objects.filter(active=True).get() == loaded.version
    assert NetworkVersion.objects.filter(pk=before.pk, active=False).exists()
    again = queries.sections().get(code=marked.code)
    assert (again.pk != marked.pk, again.icing, again.key) == (True, True, True)
    assert loaded.vanished == ()


def test_sections_that_are_gone_are_told(streets, post):
    loaded = services.load_file(upload(SQUARE), by=post("duty"), name="方块")
    assert set(sample.KEY) & {name.split("（")[0] for name in loaded.vanished}
    assert {one.street for one in queries.sections()} == {
        "示例一路", "示例二路", "示例三路", "示例四路",
    }  # fmt: skip
    assert all(json.loads(one.geometry)["coordinates"] for one in queries.sections())


def test_a_file_that_is_no_network_is_refused_and_nothing_changes(streets, post):
    before = queries.active()
    for content, name in ((b"", "a.geojson"), (b"{}", "a.geojson"), (b"x", "a.osm.pbf")):
        with pytest.raises(Refused):
            services.load_file(SimpleUploadedFile(name, content), by=post("duty"), name="坏的")
    assert queries.active() == before


def test_who_may_not_manage_loads_and_marks_nothing(streets, post):
    with pytest.raises(NotAllowed):
        services.load_file(upload(SQUARE), by=post("foreman"), name="方块")
    with pytest.raises(NotAllowed):
        services.mark(queries.sections().first(), by=post("clerk"), icing=True, key=False)


def test_a_mark_leaves_an_audit_entry_only_where_it_changes_something(streets, post):
    one = queries.sections().filter(key=False, icing=False).first()
    count = Entry.objects.count()
    services.mark(one, by=post("duty"), icing=False, key=False)
    assert Entry.objects.count() == count
    services.mark(one, by=post("duty"), icing=True, key=False)
    assert Entry.objects.latest("seq").act == "roads.section.mark"


def test_the_pages_show_the_map_over_its_list_and_say_it_is_schematic(streets, browse):
    page = browse("duty").get("/roads/").content.decode()
    assert "示意" in page
    assert "FeatureCollection" in page
    one = queries.sections().first()
    assert one.name in page
    answer = browse("duty").post(one.get_absolute_url(), {"key": "on"})
    assert answer.status_code == 302
    assert queries.sections().get(code=one.code).key is True
    assert browse("foreman").post(one.get_absolute_url(), {"key": "on"}).status_code == 404


def test_a_place_outside_the_earth_is_refused(db, post):
    with pytest.raises(Refused, match="不在地球上"):
        services.set_place(by=post("duty"), kind="metro", name="甲", lon=400, lat=3, icing=False)


def test_the_file_form_names_what_it_takes(streets, browse):
    answer = browse("duty").post("/roads/load/", {"name": "甲", "upload": upload({}, "a.zip")})
    assert answer.status_code == 422
    assert ".geojson" in answer.content.decode()


def test_what_a_page_does_not_list_is_said(streets, browse, monkeypatch):
    assert "没有全部列出" not in browse("duty").get("/roads/").content.decode()
    monkeypatch.setattr("bihuan.roads.pages._MOST", 3)
    page = browse("duty").get("/roads/").content.decode()
    assert f"共 {queries.sections().count()} 段" in page
    assert {one.kind for one in queries.by_rank()[:3]} == {"main"}
