"""Every route of the house and who of the sample zone may open it.

A new route fails a test until it stands here. What the address of a route is in the sample zone,
`test_addresses` says; "may open" means: 200, or led on to the page that answers. Others are told
that there is no such page, and strangers are led to sign in.
"""

POST_ONLY = "only by POST"
OPEN = "for strangers too"
KEYED = "with a token, not with a sign-in"

_HEADS = {"econ-head", "econ-liaison", "edu-head", "law-head"}
_OFFICES = {"admin", "security", "auditor"}  # they keep the system and see no business

_BODY = {"leader", "secretary", "member"}  # the leading body: they read everything of the zone

READERS = (
    {"clerk", "checker", "coordinator", "duty", "planner", "statistician", "viewer"}
    | _BODY
    | _HEADS
)
# A guide sees the meetings it is invited to, a designer the schemes of the own unit.
EVERYBODY = READERS | _OFFICES | {"guide", "designer", "foreman"}
LEDGER = READERS - {"viewer"}
# One bureau's thing: the bureau itself and whoever sees the whole zone.
ECONOMY = LEDGER - {"edu-head", "law-head"}
DIRECTORY = EVERYBODY - {"viewer", "guide", "designer", "foreman"}
COUNTING = LEDGER - {"statistician"}
CLERK, LEADER, STATISTICIAN = {"clerk"}, {"leader", "secretary"}, {"statistician"}
# Inside one review meeting, and those of them who are not guests.
REVIEW = CLERK | _BODY | {"guide"}
REVIEWING = REVIEW - {"guide"}
ADMIN, SECURITY, AUDITOR = {"admin"}, {"security"}, {"auditor"}
NOBODY: set[str] = set()

Who = set[str] | str

_SITE: dict[str, Who] = {
    "": EVERYBODY,
    "language/": OPEN,
    "patterns/": EVERYBODY,
    "zone/": READERS,
    "zone/doubts/<int:pk>/raise/": POST_ONLY,
}
_FACTS: dict[str, Who] = {
    "facts/": READERS,
    "facts/export.<slug:kind>": READERS,
    "facts/record/": STATISTICIAN,
    "facts/import/": STATISTICIAN,
    "facts/observations/<int:pk>/": READERS,
    "facts/observations/<int:pk>/revise/": STATISTICIAN,
    "facts/doubts/": READERS,
    "facts/doubts/<int:pk>/": READERS,
    "facts/doubts/<int:pk>/settle/": STATISTICIAN,
    "facts/indicators/": READERS,
    "facts/indicators/define/": STATISTICIAN,
    "facts/indicators/<int:pk>/": READERS,
    "facts/indicators/<int:pk>/define/": STATISTICIAN,
    "facts/frameworks/": READERS,
    "facts/frameworks/define/": STATISTICIAN,
    "facts/frameworks/<int:pk>/": READERS,
    "facts/frameworks/<int:pk>/define/": STATISTICIAN,
    "facts/frameworks/<int:pk>/group/": STATISTICIAN,
    "facts/terms/": READERS,
    "facts/terms/define/": STATISTICIAN,
    "facts/terms/<int:pk>/": READERS,
    "facts/terms/<int:pk>/define/": STATISTICIAN,
    "facts/terms/<int:pk>/retire/": STATISTICIAN,
    "facts/submissions/": READERS,
    "facts/submissions/open/": STATISTICIAN,
    "facts/submissions/<int:pk>/": ECONOMY | {"viewer"},
    "facts/submissions/<int:pk>/fill/": STATISTICIAN,
    "facts/submissions/<int:pk>/paste/": STATISTICIAN,
    "facts/submissions/<int:pk>/confirm/": STATISTICIAN,
    "facts/submissions/<int:pk>/submit/": POST_ONLY,
    "facts/submissions/<int:pk>/drop/": STATISTICIAN,
    "facts/submissions/<int:pk>/accept/": CLERK | STATISTICIAN,
    "facts/submissions/<int:pk>/send-back/": CLERK | STATISTICIAN,
}
_LEDGER: dict[str, Who] = {
    "ledger/": LEDGER,
    "ledger/import/": CLERK,
    "ledger/import/<int:pk>/": CLERK,
    "ledger/import/<int:pk>/answer/": POST_ONLY,
    "ledger/import/<int:pk>/confirm/": POST_ONLY,
    "ledger/import/<int:pk>/drop/": POST_ONLY,
    "ledger/export/": LEDGER,
    "ledger/export/into/": LEDGER,
    "ledger/raise/": CLERK | LEADER | {"coordinator", "duty"},
    "ledger/mine/": LEDGER,
    "ledger/units/<int:pk>/": ECONOMY,
    "ledger/leader/": LEDGER,
    "ledger/bulletin/<int:year>/<int:month>/": LEDGER,
    "ledger/statistics/": LEDGER,
    "ledger/bulk/": NOBODY,  # not without an act and findings; see test_bulk
    "ledger/tables/": LEDGER,
    "ledger/tables/<slug:code>/": LEDGER,
    "ledger/notices/": LEDGER,
    "ledger/notices/remind/": CLERK | LEADER,
    "ledger/notices/print/": LEDGER,
    "ledger/notices/approve/<int:pk>/": LEADER,
    "ledger/notices/<int:pk>/": LEDGER - {"econ-head", "econ-liaison", "edu-head"},
    "ledger/notices/<int:pk>/sign/": LEDGER - {"econ-head", "econ-liaison", "edu-head"},
    "ledger/samples/": LEDGER,
    "ledger/samples/<int:pk>/": LEDGER,
    "ledger/samples/<int:pk>/sample.json": LEDGER,
    "ledger/tokens/": ADMIN,
    "ledger/tokens/<int:pk>/end/": ADMIN,
    "ledger/api/": LEDGER | ADMIN,
    "ledger/api/v1/openapi.json": KEYED,
    "ledger/api/v1/findings": KEYED,
    "ledger/api/v1/findings/<slug:number>": KEYED,
    "ledger/api/v1/findings/<slug:number>/evidence": KEYED,
    "ledger/api/v1/<path:rest>": KEYED,
    "ledger/<int:pk>/": ECONOMY,
    "ledger/<int:pk>/evidence/<int:evidence>/": ECONOMY,
    "ledger/<int:pk>/<slug:name>/": ECONOMY,
}
_ASSESSMENT: dict[str, Who] = {
    "assessment/": LEDGER,
    "assessment/entrants/": LEDGER,
    "assessment/entrants/enter/": STATISTICIAN,
    "assessment/entrants/of/<slug:code>/": LEDGER,
    "assessment/schemes/": LEDGER,
    "assessment/schemes/<int:pk>/": LEDGER,
    "assessment/schemes/<int:pk>/weights/": STATISTICIAN,
    "assessment/schemes/<int:pk>/method/": STATISTICIAN,
    "assessment/schemes/<int:pk>/node/": STATISTICIAN,
    "assessment/schemes/<int:pk>/copy/": STATISTICIAN,
    "assessment/schemes/<int:pk>/rules/": STATISTICIAN,
    "assessment/schemes/<int:pk>/rules/<slug:code>/": LEDGER,
    "assessment/schemes/<int:pk>/rules/<slug:code>/remove/": STATISTICIAN,
    "assessment/schemes/<int:pk>/nodes/<slug:code>/": LEDGER,
    "assessment/schemes/<int:pk>/nodes/<slug:code>/remove/": STATISTICIAN,
    "assessment/open/": STATISTICIAN,
    "assessment/<int:pk>/": LEDGER,
    "assessment/<int:pk>/take/": CLERK | STATISTICIAN,
    "assessment/<int:pk>/declare/<slug:code>/": STATISTICIAN,
    "assessment/<int:pk>/peers/": STATISTICIAN,
    "assessment/<int:pk>/submit/": STATISTICIAN,
    "assessment/<int:pk>/send-back/": CLERK,
    "assessment/<int:pk>/freeze/": CLERK,
    "assessment/<int:pk>/point/": CLERK,
    "assessment/<int:pk>/run/": CLERK | STATISTICIAN,
    "assessment/<int:pk>/raise/<slug:rule>/<slug:code>/": POST_ONLY,
    "assessment/runs/<int:pk>/": LEDGER,
    "assessment/runs/<int:pk>/audit/": LEDGER,
    "assessment/runs/<int:pk>/results.<slug:kind>": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/move/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/what-if/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/goal/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/sensitivity/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/report/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/raise/<slug:kind>/<slug:node>/": POST_ONLY,
}
_REVIEWS: dict[str, Who] = {
    "reviews/": REVIEW,
    "reviews/prepare/": CLERK,
    "reviews/library/": REVIEWING,
    "reviews/library/steps/<slug:code>/": REVIEWING,
    "reviews/library/rules/<slug:code>/": REVIEWING,
    **{
        f"reviews/<int:pk>/{page}": REVIEW
        for page in (
            *("", "people/", "steps/<int:step>/", "documents/<int:document>/", "opinions/"),
            *("talks/", "papers/", "papers/<int:paper>/", "papers/<int:paper>/<int:number>/file/"),
            *("agenda/", "record/", "problems/", "lower/", "print/", "print/<slug:kind>/"),
            "print/<slug:kind>/sheet.pdf",
        )
    },
    "reviews/<int:pk>/talks/<int:talk>/": CLERK | LEADER,  # its two sides
    "reviews/<int:pk>/papers/<int:paper>/draft/file/": NOBODY,  # it was submitted
    "reviews/<int:pk>/log/": CLERK | {"secretary"},
    "reviews/<int:pk>/do/<slug:name>/": CLERK,
    "reviews/<int:pk>/do/<slug:name>/<int:thing>/": CLERK,
}
# The leading body and its clerk see results; everybody in the zone sees that there is a meeting.
_BODY = {"clerk", "leader", "secretary", "member"}
_MEETING = _BODY | _HEADS | {"checker", "coordinator", "duty", "planner"}
_OWN_UNIT = _BODY | {"edu-head"}
_MEETINGS: dict[str, Who] = {
    "meetings/": _MEETING | {"guide"},
    "meetings/open/": CLERK,
    "meetings/<int:pk>/": _MEETING,
    "meetings/<int:pk>/act/<slug:name>/": _MEETING,
    "meetings/<int:pk>/plan/": _MEETING,
    "meetings/<int:pk>/plan/act/<slug:name>/": NOBODY,  # "close" is no act of a plan
    "meetings/<int:pk>/plan/part/<slug:part>/": CLERK,
    "meetings/<int:pk>/plan.pdf": _MEETING,
    "meetings/<int:pk>/notice.pdf": _MEETING,
    "meetings/<int:pk>/meeting.ics": _MEETING,
    "meetings/<int:pk>/papers/": _MEETING,
    "meetings/<int:pk>/papers/material/": CLERK,
    "meetings/<int:pk>/papers/<int:material>/": _BODY,
    "meetings/<int:pk>/guests/": CLERK,
    "meetings/<int:pk>/guests/<int:guest>/end/": POST_ONLY,
    "meetings/<int:pk>/roll/": _BODY,
    "meetings/<int:pk>/roll/set/": CLERK,
    "meetings/<int:pk>/roll/seal/": CLERK,
    "meetings/<int:pk>/rehearsal/": NOBODY,  # the sample's round is no rehearsal
    "meetings/<int:pk>/hall/": _MEETING,
    "meetings/<int:pk>/agenda.pdf": _MEETING,
    "meetings/<int:pk>/results/": _BODY,
    "meetings/<int:pk>/results.pdf": _BODY,
    "meetings/<int:pk>/grades/": _BODY,
    "meetings/<int:pk>/grades/part/<slug:part>/": CLERK,
    "meetings/<int:pk>/grades/<slug:code>/": {"leader", "secretary"},
    "meetings/<int:pk>/follow/": _BODY,
    "meetings/<int:pk>/follow/speech/": CLERK,
    "meetings/<int:pk>/follow/requirements/": CLERK,
    "meetings/<int:pk>/follow/requirements/<int:number>/general/": POST_ONLY,
    "meetings/<int:pk>/follow/uses/<int:use>/": CLERK,
    "meetings/<int:pk>/follow/raise/<slug:code>/<slug:kind>/<slug:key>/": POST_ONLY,
    "meetings/<int:pk>/units/<slug:code>/": _OWN_UNIT,
    "meetings/<int:pk>/units/<slug:code>/hand-in/": {"edu-head"},
    "meetings/<int:pk>/units/<slug:code>/receipts/<int:number>/": _OWN_UNIT,
    "meetings/<int:pk>/units/<slug:code>/reports/<int:number>/": _OWN_UNIT,
    "meetings/<int:pk>/units/<slug:code>/call-on/": POST_ONLY,
    "meetings/<int:pk>/units/<slug:code>/finish/": POST_ONLY,
    "meetings/<int:pk>/units/<slug:code>/pass-over/": CLERK,
    "meetings/<int:pk>/units/<slug:code>/comment/": CLERK,
    "meetings/<int:pk>/units/<slug:code>/letter/": _OWN_UNIT,
    "meetings/<int:pk>/units/<slug:code>/letter/sign/": POST_ONLY,
    "meetings/<int:pk>/units/<slug:code>/letter.pdf": _OWN_UNIT,
}
# The desk of a vote: who runs it, who types paper in, who chairs.
_DESK = {"clerk", "checker", "leader", "secretary"}
_BALLOTS: dict[str, Who] = {
    "b/desk/": _DESK,
    "b/recount.py": OPEN,
    "b/<slug:slug>/": OPEN,
    "b/<slug:slug>/state/": OPEN,
    "b/<slug:slug>/slip/": OPEN,
    "b/<slug:slug>/screen/<slug:key>/": OPEN,
    "b/<slug:slug>/check/": OPEN,
    "b/<slug:slug>/bundle.json": OPEN,
    **{
        f"b/<slug:slug>/{door}/": POST_ONLY
        for door in (
            *("right", "issue", "cast", "station/hello", "station/keys", "station/waiting"),
            *("station/signed", "station/final", "station/cosign"),
        )
    },
    "b/<slug:slug>/desk/": _DESK,
    "b/<slug:slug>/desk/act/<slug:name>/": CLERK,  # "freeze" is the clerk's
    "b/<slug:slug>/desk/roll/": _DESK,
    "b/<slug:slug>/desk/enrol/": CLERK,
    "b/<slug:slug>/desk/late/": CLERK,
    "b/<slug:slug>/desk/roll/<int:number>/": _DESK,
    "b/<slug:slug>/desk/roll/<int:number>/give/<slug:kind>/": CLERK,
    "b/<slug:slug>/desk/roll/<int:number>/take-back/": CLERK,
    "b/<slug:slug>/desk/print/": CLERK,
    "b/<slug:slug>/desk/return/": CLERK,
    "b/<slug:slug>/desk/paper/": {"clerk", "checker"},
    "b/<slug:slug>/desk/invitations.pdf": CLERK,
    "b/<slug:slug>/desk/box.sqlite3": NOBODY,  # the sample's box was put away
    "b/<slug:slug>/desk/full.json": LEADER,
}
_PRESS_SEEN = READERS - {"viewer", "statistician"}
_WRITERS = {"clerk", "econ-head", "econ-liaison", "edu-head", "law-head"}
_PRESS: dict[str, Who] = {
    "press/": _PRESS_SEEN,
    "press/write/": _WRITERS,
    "press/from/": _WRITERS,
    "press/opinions/<int:pk>/": {"clerk", "econ-head", "econ-liaison"},
    "press/opinions/<int:pk>/raise/": POST_ONLY,
    "press/check/": _PRESS_SEEN,
    "press/papers/": _PRESS_SEEN,
    "press/papers/<int:pk>/": _PRESS_SEEN,
    "press/papers/<int:pk>/issue/": POST_ONLY,
    "press/papers/<int:pk>/void/": POST_ONLY,
    "press/papers/<int:pk>/file.<slug:kind>": _PRESS_SEEN,
    "press/templates/": _PRESS_SEEN,
    "press/templates/<slug:kind>/": _PRESS_SEEN,
    "press/templates/<slug:kind>/file.txt": _PRESS_SEEN,
    "press/<int:pk>/": _PRESS_SEEN,
    "press/<int:pk>/correct/": {"clerk", "econ-head", "econ-liaison"},
    "press/<int:pk>/<slug:name>/": POST_ONLY,
    "public/": OPEN,
    "public/feed.atom": OPEN,
    "public/figures.<slug:kind>": OPEN,
    "public/roots/": OPEN,
    "public/roads/": OPEN,
    "public/roads.<slug:kind>": OPEN,
    "public/<slug:slug>/": OPEN,
    "public/<slug:slug>/say/": OPEN,
}
COORDINATOR = {"coordinator"}
_PROJECTS_SEEN = LEDGER - {"statistician"}
# The economy bureau's project: its own people, the department of one of its blockages, the zone.
_PROJECT = _PROJECTS_SEEN - {"edu-head"}
_PROJECTS: dict[str, Who] = {
    "projects/": _PROJECTS_SEEN,
    "projects/enter/": COORDINATOR,
    "projects/batches/": _PROJECTS_SEEN,
    "projects/key/": _PROJECTS_SEEN,
    "projects/key/<int:year>/": _PROJECTS_SEEN,
    "projects/key/<int:year>/figures/": POST_ONLY,
    "projects/filings/": _PROJECTS_SEEN,
    "projects/filings/<int:year>/<int:month>/": _PROJECTS_SEEN,
    "projects/weekly/": _PROJECTS_SEEN,
    "projects/blockages/": _PROJECTS_SEEN,
    "projects/levelling/": _PROJECTS_SEEN,
    "projects/library/": _PROJECTS_SEEN,
    "projects/library/steps/add/": COORDINATOR,
    "projects/library/steps/<slug:code>/": _PROJECTS_SEEN,
    "projects/library/tables/<slug:code>/": _PROJECTS_SEEN,
    "projects/<int:pk>/": _PROJECT,
    "projects/<int:pk>/preliminary/": _PROJECT,
    "projects/<int:pk>/preliminary/<int:step>/": _PROJECT,
    "projects/<int:pk>/progress/": _PROJECT,
    "projects/<int:pk>/plans/": _PROJECT,
    "projects/<int:pk>/plans/<int:plan>/": _PROJECT,
    "projects/<int:pk>/plans/<int:plan>/risk/": _PROJECT,
    "projects/<int:pk>/plans/<int:plan>/crews/": _PROJECT,
    "projects/<int:pk>/history/": _PROJECT,
    "projects/<int:pk>/files/<int:version>/": _PROJECT,
    "projects/<int:pk>/raise/<slug:kind>/<slug:key>/": POST_ONLY,
    "projects/<int:pk>/do/<slug:name>/": COORDINATOR,
    "projects/<int:pk>/do/<slug:name>/<int:thing>/": COORDINATOR | {"econ-head", "econ-liaison"},
}
_PEOPLE: dict[str, Who] = {
    "people/sign-in/": OPEN,
    "people/sign-out/": POST_ONLY,
    "people/password/": EVERYBODY,
    "people/act-as/": POST_ONLY,
    "people/units/": DIRECTORY,
    "people/units/add/": ADMIN,
    "people/units/<int:pk>/": DIRECTORY,
    "people/units/<int:pk>/<slug:name>/": ADMIN,
    "people/persons/": DIRECTORY,
    "people/persons/add/": ADMIN,
    "people/persons/<int:pk>/": DIRECTORY,
    "people/persons/<int:pk>/<slug:name>/": ADMIN,
    "people/roles/": DIRECTORY,
    "people/roles/add/": SECURITY,
    "people/roles/<int:pk>/": DIRECTORY,
    "people/accounts/": ADMIN,
}
_GROUND: dict[str, Who] = {
    "days/": COUNTING,
    "days/count/": COUNTING,
    "days/limits/": COUNTING,
    "days/limits/<slug:code>/": COUNTING,
    "days/<int:year>/": COUNTING,
    "days/<int:year>/enter/": CLERK,
    "days/<int:year>/confirm/": CLERK,
    "days/<int:year>/mark/": CLERK,
    "jobs/": EVERYBODY,
    "jobs/start/": ADMIN
    | AUDITOR
    | {"duty", "leader", "secretary"},  # the officer may have tracks matched at once
    "jobs/<int:pk>/": CLERK | STATISTICIAN | ADMIN | AUDITOR,
    "jobs/<int:pk>/stop/": CLERK | STATISTICIAN | ADMIN | AUDITOR,
    "audit/": AUDITOR,
    "audit/export/": AUDITOR,
}

PLANNER = {"planner"}
# The first sample scheme: three bureaus were asked, the designer's unit draws it.
_DESIGNS = (LEDGER - {"statistician"}) | {"designer"}
_SCHEME = "designs/<int:pk>/"
_DESIGN: dict[str, Who] = {
    "designs/": _DESIGNS,
    "designs/begin/": PLANNER,
    "designs/aspects/": PLANNER,
    "designs/aspects/<slug:code>/": PLANNER,
    "designs/public/": OPEN,
    "designs/public/<slug:slug>/": OPEN,
    "designs/public/<slug:slug>/pages/<int:number>/": OPEN,
    "designs/meetings/": _DESIGNS,
    "designs/meetings/call/": PLANNER,
    "designs/meetings/<int:pk>/": _DESIGNS,
    "designs/meetings/<int:pk>/agenda.pdf": _DESIGNS,
    "designs/meetings/<int:pk>/minutes/": _DESIGNS,
    "designs/meetings/<int:pk>/minutes.pdf": _DESIGNS,
    "designs/meetings/<int:pk>/do/<slug:name>/": PLANNER,
    "designs/meetings/<int:pk>/items/<int:number>/do/<slug:name>/": PLANNER,
    _SCHEME: _DESIGNS,
    f"{_SCHEME}do/<slug:name>/": PLANNER,  # "amend"
    f"{_SCHEME}opinions.pdf": _DESIGNS,
    f"{_SCHEME}bcf/<slug:edition>/": _DESIGNS,
    f"{_SCHEME}compare/<int:old>/<int:new>/": _DESIGNS,
    f"{_SCHEME}notices/<int:notice>/": PLANNER,
    f"{_SCHEME}notices/<int:notice>/do/<slug:name>/": PLANNER,
    f"{_SCHEME}versions/<int:number>/": _DESIGNS,
    f"{_SCHEME}versions/<int:number>/files/<int:order>/": _DESIGNS,
    f"{_SCHEME}versions/<int:number>/do/<slug:name>/": _DESIGNS,  # "compare"
    f"{_SCHEME}opinions/<int:number>/": _DESIGNS,
    f"{_SCHEME}opinions/<int:number>/pictures/<int:order>/": NOBODY,  # no BCF was imported
    f"{_SCHEME}opinions/<int:number>/do/<slug:name>/": _HEADS | {"planner", "designer"},
}

FLEET_KEEPER = {"duty"}
FLEET = {"duty", "foreman", "leader", "secretary"}
SNOW = FLEET | _HEADS | {"clerk"}
_ROADS: dict[str, Who] = {
    "roads/": LEDGER - {"statistician"} | {"foreman"},
    "roads/load/": {"duty"},
    "roads/sections/<slug:code>/": LEDGER - {"statistician"} | {"foreman"},
}
_FLEET: dict[str, Who] = {
    "fleet/": FLEET,
    "fleet/enter/": FLEET_KEEPER,
    "fleet/import/": FLEET_KEEPER,
    "fleet/shifts/": FLEET,
    "fleet/depots/": FLEET,
    "fleet/depots/<int:pk>/": FLEET_KEEPER,
    "fleet/devices/": FLEET_KEEPER,
    "fleet/devices/<int:pk>/end/": FLEET_KEEPER,
    "fleet/keeping/": FLEET,
    "fleet/passes/": FLEET,
    "fleet/passes/<int:pk>/": FLEET,
    "fleet/api/": FLEET,
    "fleet/positions/": KEYED,
    "fleet/positions/openapi.json": FLEET,
    "fleet/<int:pk>/": FLEET,
    "fleet/<int:pk>/amend/": POST_ONLY,
    "fleet/<int:pk>/retire/": POST_ONLY,
    "fleet/<int:pk>/start/": POST_ONLY,
    "fleet/<int:pk>/end/": POST_ONLY,
    "fleet/<int:pk>/track/": POST_ONLY,
}
_WINTER: dict[str, Who] = {
    "winter/": SNOW,
    "winter/seasons/<int:pk>/": SNOW,
    "winter/contracts/": SNOW,
    "winter/teams/": SNOW,
    "winter/teams/<int:pk>/": SNOW,
    "winter/stores/": SNOW,
    "winter/stores/<int:pk>/": SNOW,
    "winter/roster/": SNOW,
    "winter/roster/file.<slug:kind>": SNOW,
    "winter/drills/": SNOW,
    "winter/drills/<int:pk>/": SNOW,
    "winter/fronts/": SNOW,
    "winter/fronts/<int:pk>/": SNOW,
    "winter/photos/<int:pk>/": NOBODY,  # no photo was taken
    "winter/tables/": SNOW,
    "winter/tables/<slug:code>/": SNOW,
    "winter/act/<slug:kind>/<int:pk>/<slug:name>/": LEADER,
}
_SNOW_LIVE: dict[str, Who] = {
    "snow/": SNOW,
    "snow/events/<int:pk>/": SNOW,
    "snow/orders/<int:pk>/": SNOW,
    "snow/situations/<int:pk>/": SNOW,
    "snow/inspections/<int:pk>/": SNOW,
    "snow/reviews/<int:pk>/": SNOW,
    "snow/replays/<int:pk>/": SNOW,
    "snow/plans/": SNOW,
    "snow/plans/<int:pk>/": SNOW,
    "snow/plans/<int:pk>/ways.json": SNOW,
    "snow/plans/<int:pk>/vehicles/<int:number>/": SNOW,
    "snow/plans/<int:pk>/files/<slug:name>/": SNOW,
    "snow/whatifs/<int:pk>/": SNOW,
    "snow/act/<slug:kind>/<int:pk>/<slug:name>/": LEADER,
    "snow/tables/": SNOW,
    "snow/tables/<slug:code>/": SNOW,
    "snow/photos/<slug:kind>/<int:pk>/": NOBODY,  # no photo was taken
    "snow/live/": SNOW,
    "snow/live/network.json": SNOW,
    "snow/live/changes.json": SNOW,
    "snow/phone/": {"duty", "foreman"},
    "snow/phone/report/": POST_ONLY,
    "snow/phone/tasks/<int:pk>/done/": POST_ONLY,
    "snow/phone/worker.js": OPEN,
}

WHO: dict[str, Who] = {
    **_SITE,
    **_FACTS,
    **_LEDGER,
    **_PRESS,
    **_ASSESSMENT,
    **_MEETINGS,
    **_BALLOTS,
    **_REVIEWS,
    **_PROJECTS,
    **_DESIGN,
    **_ROADS,
    **_FLEET,
    **_WINTER,
    **_SNOW_LIVE,
    **_PEOPLE,
    **_GROUND,
}
