"""What every page shows around its content: navigation, acting post, the zone's name."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.people import queries
from bihuan.site import zone

# Address name, label, the verbs of which one is needed to see the item; none: everybody sees it.
NAVIGATION = (
    ("overview", _("总览"), ""),
    ("zone", _("分区"), "facts.view"),
    ("facts:index", _("数据"), "facts.view"),
    ("ledger:index", _("台账"), "ledger.view"),
    ("assessment:index", _("评价"), "assessment.view"),
    ("meetings:index", _("测评"), "meetings.view meetings.guest"),
    ("reviews:index", _("生活会"), "reviews.view reviews.guide"),
    ("projects:index", _("项目"), "projects.view"),
    ("designs:index", _("方案审查"), "designs.view"),
    ("winter:index", _("冬备"), "winter.view"),
    ("snow:index", _("扫雪"), "snow.view"),
    ("roads:index", _("道路"), "roads.view"),
    ("fleet:index", _("车辆"), "fleet.view"),
    ("press:index", _("发布"), "press.view"),
    ("people:units", _("机构"), "people.view"),
    ("days:index", _("日历"), "days.view"),
    ("jobs:index", _("作业"), "jobs.view"),
    ("audit:index", _("审计"), "audit.view"),
)


def house(request: HttpRequest) -> dict[str, Any]:
    """`house` in every template."""
    post = getattr(request, "post", None)
    around: dict[str, Any] = {
        "here": request.get_full_path(),
        "zone": zone.name(),
        "sample": zone.is_sample(),
        "nav": (),
        "post": "",
        "posts": (),
    }
    if post is not None:
        around |= {
            "nav": tuple(_items(request.path, post)),
            "post": post.label(),
            "posts": _choices(request) if len(request.posts) > 1 else (),  # type: ignore[attr-defined]  # set by people.middleware
        }
    return {"house": around}


def _items(path: str, post: Any) -> list[dict[str, Any]]:
    shown = []
    for name, label, verbs in NAVIGATION:
        if verbs and not any(queries.may(post, verb) for verb in verbs.split()):
            continue
        href = reverse(name)
        here = path == href if href == "/" else path.startswith(href)
        shown.append({"href": href, "label": label, "here": here})
    return shown


def _choices(request: Any) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"pk": post.pk, "label": post.label(), "current": post.pk == request.post.pk}
        for post in request.posts
    )
