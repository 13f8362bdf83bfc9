"""The desk of a vote for the journeys, run in a process of its own on the server's data folder.

python -m tests.journeys.hall_desk open        prints {slug, screen, tickets, slips} as JSON
python -m tests.journeys.hall_desk begin SLUG  issuing closes, casting begins
python -m tests.journeys.hall_desk end SLUG CODE…  the rest of the hall casts by slip; counted
"""

import json
import random
import sys

import django

TICKETS, SLIPS = 3, 9


def main(verb: str, *said: str) -> None:
    django.setup()
    if verb == "open":
        print(json.dumps(opened()))
    elif verb == "begin":
        begin(*said)
    else:
        end(said[0], said[1:])


def opened() -> dict[str, object]:
    """Twelve raters and two units: three have tickets for their phones, nine drew slips."""
    from bihuan.ballots import services

    plan = {
        "kind": "rating",
        "title": "2025年度述职测评",
        "year": 2025,
        "categories": [{"code": "all", "name": "与会人员", "name_en": "Those present"}],
        "items": [
            {"code": "party", "name": "抓基层党建工作", "name_en": "Party building"},
            {"code": "clean", "name": "党风廉政建设责任制", "name_en": "Clean government"},
        ],
        "grades": [
            {"code": "good", "name": "好", "name_en": "Good", "points": "100"},
            {"code": "fair", "name": "较好", "name_en": "Fairly good", "points": "80"},
            {"code": "average", "name": "一般", "name_en": "Average", "points": "60"},
            {"code": "poor", "name": "差", "name_en": "Poor", "points": "40"},
        ],
        "subjects": [
            {"code": "economy", "name": "经济发展局", "name_en": "Economic Bureau"},
            {"code": "education", "name": "教育局", "name_en": "Education Bureau"},
        ],
        "cap": {"grade": "good", "most": 1},
        "blanks": "count",
        "abstain": True,
        "remarks": True,
    }
    poll = services.draw_up(
        by=None,
        plan=plan,
        title="2025年度述职测评",
        title_en="Annual report rating 2025",
        sample=True,
    )
    lines = [services.Line(f"示例评委{n}", "all") for n in range(TICKETS + SLIPS)]
    services.enrol(poll, by=None, lines=lines)
    services.freeze(poll, by=None)
    poll = services.start_issuing(poll, by=None)
    slips = services.print_slips(poll, by=None, category="all", count=SLIPS)
    tickets = []
    for number, voter in enumerate(poll.voters.all()):
        given = "token" if number < TICKETS else "slip"
        tickets.append(services.check_in(poll, by=None, voter=voter, given=given))
    return {
        "slug": poll.slug,
        "screen": poll.screen_key,
        "tickets": tickets[:TICKETS],
        "slips": slips,
    }


def begin(slug: str) -> None:
    """Issuing closes, casting begins."""
    from bihuan.ballots import queries, services

    poll = services.close_issuing(queries.poll(slug), by=None)
    services.start_casting(poll, by=None)


def end(slug: str, codes: tuple[str, ...]) -> None:
    """The rest of the hall casts; closed and counted."""
    from bihuan.ballots import hall, queries, services

    plan = queries.fixed(slug).plan
    for number, code in enumerate(codes):
        marks = hall.marks_for(plan, random.Random(number))
        services.cast_open(slug, slip=code, marks=marks, remarks={})
    poll = services.close(queries.poll(slug), by=None)
    services.count(poll, by=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
