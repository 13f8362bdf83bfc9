"""Who sits in the meeting, who keeps it, who guides it and until when."""

from django.utils.translation import gettext as _

from bihuan.people import queries as people
from bihuan.people.models import Post
from bihuan.reviews import queries, rules
from bihuan.reviews.models import Guest, Review, Seat
from bihuan.reviews.pages import acts, words
from bihuan.reviews.rules import Place
from bihuan.ui.panel import DetailPage, Panel, Tables
from bihuan.ui.table import Cell, Column, Row, Table, Tag, columns, row


def page(review: Review, by: Post) -> DetailPage:
    """成员和指导组。"""
    place = queries.place(review, by)
    found = queries.seats(review)
    heads = columns(
        Column(_("次序"), number=True), Column(_("成员"), wide=True), _("任职期"), _("到会"),
        Column(_("转告"), wide=True), "",
    )  # fmt: skip
    members = tuple(_member(review, place, n, seat) for n, seat in enumerate(found, start=1))
    count = queries.quorum(review)
    told = {
        "due": count.due,
        "present": count.present,
        "absent": count.absent,
        "unknown": count.unknown,
        "needed": count.needed,
    }
    intro = (
        _(
            "应到 %(due)d 人：到会 %(present)d，缺席 %(absent)d，未核对 %(unknown)d；"
            "至少要 %(needed)d 人。"
        )
        % told
    )
    keepers = tuple(row(post.label()) for post in review.clerks.all())
    panels: tuple[Panel, ...] = (
        Tables(_("班子成员"), words.trimmed(Table(heads, members)), intro),
        Tables(_("经办人"), Table(columns(_("任职")), keepers)),
        _guests(review, place),
    )
    doubts = queries.seats_in_doubt(review)
    if doubts:
        panels = (*panels, words.sentences(_("任职有疑"), doubts, empty=""))
    return DetailPage(
        _("成员和指导组"),
        panels,
        acts.panels(review, place, "attendance", "arrange", "seat", "invite", "clerks"),
        kicker=review.label(),
        links=words.around(review, place, "people"),
    )


def _member(review: Review, place: Place, number: int, seat: Seat) -> Row:
    tones = {"present": "good", "absent": "warn"}
    attendance = Tag(_(rules.ATTENDANCE[seat.attendance]), tones.get(seat.attendance, "plain"))  # type: ignore[arg-type]  # two of the tones
    return row(
        Cell(number, "number"),
        Cell(seat.label(), note=_("主要负责人") if seat.head else ""),
        _period(seat.post),
        attendance,
        _told(seat),
        _act(review, place, seat),
    )


def _period(post: Post) -> str:
    since = post.valid_from.isoformat() if post.valid_from else ""
    until = post.valid_to.isoformat() if post.valid_to else ""
    return f"{since} – {until}" if since or until else _("不限")


def _told(seat: Seat) -> Cell:
    if seat.attendance != "absent":
        return Cell(words.BLANK)
    if seat.told_on is None:
        return Cell(_("还没有转告"), tone="warn", note=seat.absent_why)
    return Cell(seat.told_on, "date", note=seat.absent_why)


def _act(review: Review, place: Place, seat: Seat) -> Cell:
    untold = seat.attendance == "absent" and seat.told_on is None
    if untold and acts.offered("tell", review, place, seat):
        return words.doing(_("转告"), "tell", review, place, seat)
    return words.doing(_("移出"), "unseat", review, place, seat)


def _guests(review: Review, place: Place) -> Tables:
    heads = columns(
        Column(_("指导组成员"), wide=True), _("所在单位"), _("受邀自"), _("受邀至"), _("现在"), ""
    )
    rows = review.guests.select_related("post__person", "post__unit").order_by("-leader", "pk")
    lines = tuple(
        row(
            Cell(guest.label(), note=_("组长") if guest.leader else ""),
            guest.home_unit,
            words.day(guest.valid_from),
            words.day(guest.valid_to),
            _now(guest),
            words.doing(_("改受邀期"), "invitation", review, place, guest),
        )
        for guest in rows
    )
    intro = _("指导组只看得到这一次会；过了受邀期，自行失效。")
    return Tables(
        _("指导组"), words.trimmed(Table(heads, lines, empty=_("没有邀请指导组。"))), intro
    )


def _now(guest: Guest) -> Tag:
    today = words.today()
    if today < guest.valid_from:
        return Tag(_("还未开始"), "plain")
    if today > guest.valid_to or not people.holds(guest.post):
        return Tag(_("已失效"), "quiet")
    return Tag(_("有效"), "good")
