"""Check materials: a draft belongs to its writer, versions stay, every reading is recorded."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.audit import queries as audit
from bihuan.audit.models import Entry
from bihuan.base.errors import NotAllowed, NotFound, Refused
from bihuan.files.models import Document, Version
from bihuan.reviews import queries, services
from bihuan.reviews.models import Draft

SECRET = "示例机密词句甲乙丙"


def of(review, post):
    """The paper of the member who holds this post."""
    return queries.papers(review).get(seat__post=post)


def test_a_draft_is_seen_by_its_writer_and_the_clerk_only(post, review):
    paper = of(review, post("member"))
    services.save_draft(paper, by=post("member"), text=SECRET)
    for username in ("member", "clerk"):
        assert services.read_paper(paper, by=post(username)).draft.text == SECRET
    for username in ("secretary", "leader", "guide"):
        reading = services.read_paper(paper, by=post(username))
        assert (reading.draft, reading.versions) == (None, ())
        with pytest.raises(NotAllowed):
            services.save_draft(paper, by=post(username), text="别人写的")


def test_the_bodys_paper_is_drafted_by_head_or_clerk(post, review):
    body = queries.papers(review).get(kind="body")
    services.save_draft(body, by=post("secretary"), text=SECRET)
    assert services.read_paper(body, by=post("leader")).draft is None
    with pytest.raises(NotAllowed):
        services.save_draft(body, by=post("leader"), text="x")


def test_submitting_empties_the_draft_and_numbers_the_versions(post, review):
    member, paper = post("member"), of(review, post("member"))
    with pytest.raises(Refused, match="还没有内容"):
        services.submit_paper(paper, by=member)
    services.save_draft(paper, by=member, text="第一稿")
    assert services.submit_paper(paper, by=member).number == 1
    assert not Draft.objects.filter(paper=paper).exists()
    with pytest.raises(Refused, match="正等审阅"):
        services.save_draft(paper, by=member, text="第二稿")
    with pytest.raises(Refused, match="审阅意见"):
        services.judge_paper(paper, by=post("guide"), passed=False)
    services.judge_paper(paper, by=post("guide"), passed=False, text="再深一层")
    services.save_draft(paper, by=member, text="第二稿")
    assert services.submit_paper(paper, by=member).number == 2
    services.judge_paper(paper, by=post("guide"), passed=True)
    paper.refresh_from_db()
    reading = services.read_paper(paper, by=post("guide"))
    assert paper.state == "passed"
    assert [(v.number, v.judged.passed) for v in reading.versions] == [(2, True), (1, False)]


def test_only_the_guidance_group_judges(post, review):
    paper = of(review, post("member"))
    services.save_draft(paper, by=post("member"), text="稿")
    services.submit_paper(paper, by=post("member"))
    for username in ("clerk", "secretary", "member"):
        with pytest.raises(NotAllowed):
            services.judge_paper(paper, by=post(username), passed=True)


def test_the_steps_ask_for_every_paper_by_name(post, review):
    with pytest.raises(Refused) as refused:
        services.finish_step(review.steps.get(code="checks"), by=post("clerk"))
    assert refused.value.sentences == (
        "班子对照检查材料还没有提交。",
        "书记的对照检查材料还没有提交。",
        "副书记的对照检查材料还没有提交。",
        "委员的对照检查材料还没有提交。",
    )


def test_every_reading_is_an_entry_and_no_entry_has_a_word_of_it(post, review):
    member, paper = post("member"), of(review, post("member"))
    upload = SimpleUploadedFile(f"{SECRET}.txt", SECRET.encode())
    services.save_draft(paper, by=member, text=SECRET, upload=upload)
    services.submit_paper(paper, by=member)
    services.judge_paper(paper, by=post("guide"), passed=False, text=SECRET)
    services.note_opinion(review, by=post("clerk"), channel="written", text=SECRET, about="body")
    before = audit.head()[0]
    services.read_paper(paper, by=post("guide"))
    services.read_paper(paper, by=post("leader"), way="print")
    version, name = services.take_file(paper, by=post("guide"), number=1)
    services.read_opinions(review, by=post("guide"))
    assert name == f"{SECRET}.txt"
    assert SECRET not in version.name
    entries = list(Entry.objects.filter(seq__gt=before).order_by("seq"))
    assert [e.act for e in entries] == [
        "reviews.paper.read",
        "reviews.paper.read",
        "reviews.paper.read",
        "reviews.review.read_opinions",
    ]
    assert '"way":[null,"print"]' in entries[1].changes
    assert '"way":[null,"download"]' in entries[2].changes
    assert [e.post_id for e in entries] == [
        post(u).pk for u in ("guide", "leader", "guide", "guide")
    ]
    assert not any(SECRET in str(entry.plain()) for entry in Entry.objects.all())
    assert not Document.objects.filter(title__contains=SECRET).exists()
    assert not Version.objects.filter(name__contains=SECRET).exists()


def test_the_file_of_a_draft_is_not_handed_to_others(post, review):
    paper = of(review, post("member"))
    upload = SimpleUploadedFile("稿.txt", b"draft")
    services.save_draft(paper, by=post("member"), upload=upload)
    assert services.take_file(paper, by=post("member"), number=None)[1] == "稿.txt"
    for username in ("secretary", "guide"):
        with pytest.raises(NotFound):
            services.take_file(paper, by=post(username), number=None)


def test_points_of_a_talk_are_for_its_two_sides(post, review):
    head, second, _third = queries.seats(review)
    day = review.created_at.date()
    with_points = services.note_talk(
        review, by=post("leader"), seat=second, other=head, on=day, points=SECRET
    )
    assert services.read_talk(with_points, by=post("secretary")) == SECRET
    assert services.read_talk(with_points, by=post("clerk")) == SECRET
    for username in ("member", "guide"):
        with pytest.raises(NotAllowed):
            services.read_talk(with_points, by=post(username))
    assert Entry.objects.filter(act="reviews.talk.read").count() == 2
    assert not Entry.objects.filter(changes__contains=SECRET).exists()
