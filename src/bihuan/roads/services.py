"""Verbs on the network: a version loaded, its sections marked; each leaves an audit entry."""

import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bihuan.audit import services as audit
from bihuan.base.errors import Refused
from bihuan.base.text import zh
from bihuan.people import queries as people
from bihuan.people import services as people_services
from bihuan.people.models import Post, Unit
from bihuan.roads import bridge, queries
from bihuan.roads.models import NetworkVersion, Place, Section

people_services.declare_verbs(
    {
        "roads.view": zh("查看道路"),
        "roads.manage": zh("载入路网，标记路段"),
    }
)
audit.declare(
    {
        "roads.network.load": zh("载入路网"),
        "roads.section.mark": zh("标记路段"),
        "roads.place.set": zh("设定地点"),
    },
    {
        "roads.networkversion.sections": zh("路段数"),
        "roads.networkversion.vanished": zh("不再有的路段"),
        "roads.section.district": zh("负责单位"),
    },
)
MANAGE = "roads.manage"


@dataclass(frozen=True)
class Loaded:
    """载入的结果：新版本，以及旧版里有、新版里没有的路段。"""

    version: NetworkVersion
    vanished: tuple[str, ...]


@transaction.atomic
def load_network(
    network: bridge.Network, *, by: Post | None, name: str, source: str = "", sample: bool = False
) -> Loaded:
    """载入路网：成为在用的一版；仍在的路段留着重点、易结冰的标记和负责单位，没有了的说出来。"""
    if by is not None:
        people.require(by, MANAGE)
    if not name.strip():
        raise Refused(_("请写路网的名称。"))
    before = {one.code: one for one in queries.sections()}
    NetworkVersion.objects.filter(active=True).update(active=False)
    version = NetworkVersion.objects.create(
        name=name.strip(), source=source, attribution=network.attribution, digest=network.digest,
        nodes=network.nodes, arcs=network.arcs, content=bridge.packed(network), active=True,
        sample=sample, by=by,
    )  # fmt: skip
    rows = list(bridge.rows(network))
    Section.objects.bulk_create(
        [_section(version, row, before.get(row.code)) for row in rows], batch_size=500
    )
    gone = tuple(one.name for code, one in before.items() if code not in {row.code for row in rows})
    changes = {"sections": (len(before) or None, len(rows)), "vanished": (None, len(gone))}
    audit.record(by, "roads.network.load", version, changes=changes)
    return Loaded(version, gone)


def load_file(upload: "UploadedFile[bytes]", *, by: Post | None, name: str) -> Loaded:
    """读一个路网文件并载入；文件不合的，逐条说出。"""
    if by is not None:
        people.require(by, MANAGE)
    ending = PurePath(upload.name or "").suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"network{ending}")
        with path.open("wb") as kept:
            for piece in upload.chunks():
                kept.write(piece)
        try:
            network = bridge.read(path)
        except bridge.Unfit as unfit:
            told = [_(bridge.SENTENCES[one.code]) % one.params for one in unfit.faults]
            raise Refused.all(told) from None
    return load_network(network, by=by, name=name, source=PurePath(upload.name or "").name)


def _section(version: NetworkVersion, row: bridge.Row, known: Section | None) -> Section:
    return Section(
        network=version, code=row.code, name=row.name, street=row.street, kind=row.kind,
        length_m=row.length_m, geometry=row.geometry,
        icing=known.icing if known else row.icing, key=known.key if known else False,
        district=known.district if known else None,
    )  # fmt: skip


@transaction.atomic
def mark(
    section: Section, *, by: Post | None, icing: bool, key: bool, district: Unit | None = None
) -> Section:
    """标记路段：易结冰、重点、由谁负责。"""
    if by is not None:
        people.require(by, MANAGE)
    section = Section.objects.select_for_update(of=("self",)).get(pk=section.pk)
    told = {"icing": icing, "key": key, "district": district}
    changes = {
        name: (str(getattr(section, name)), str(new))
        for name, new in told.items()
        if getattr(section, name) != new
    }
    if changes:
        for name, new in told.items():
            setattr(section, name, new)
        section.save(update_fields=list(told))
        audit.record(by, "roads.section.mark", section, changes=changes)
    return section


@transaction.atomic
def set_place(
    *, by: Post | None, kind: str, name: str, lon: float, lat: float, icing: bool, note: str = ""
) -> Place:
    """设定地点：同类同名的只有一个。"""
    if by is not None:
        people.require(by, MANAGE)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Refused(_("经纬度不在地球上。请按“经度,纬度”填写。"))
    place, _made = Place.objects.update_or_create(
        kind=kind, name=name, defaults={"lon": lon, "lat": lat, "icing": icing, "note": note}
    )
    audit.record(by, "roads.place.set", place)
    return place
