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

READERS = {"clerk", "checker", "leader", "statistician", "viewer"} | _HEADS
EVERYBODY = READERS | _OFFICES
LEDGER = READERS - {"viewer"}
# One bureau's thing: the bureau itself and whoever sees the whole zone.
ECONOMY = LEDGER - {"edu-head", "law-head"}
DIRECTORY = EVERYBODY - {"viewer"}
COUNTING = LEDGER - {"statistician"}
CLERK, LEADER, STATISTICIAN = {"clerk"}, {"leader"}, {"statistician"}
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
    "ledger/raise/": CLERK | LEADER,
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
    "assessment/schemes/": LEDGER,
    "assessment/schemes/<int:pk>/": LEDGER,
    "assessment/schemes/<int:pk>/weights/": STATISTICIAN,
    "assessment/schemes/<int:pk>/method/": STATISTICIAN,
    "assessment/schemes/<int:pk>/node/": STATISTICIAN,
    "assessment/schemes/<int:pk>/copy/": STATISTICIAN,
    "assessment/open/": STATISTICIAN,
    "assessment/<int:pk>/": LEDGER,
    "assessment/<int:pk>/take/": STATISTICIAN,
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
    "assessment/runs/<int:pk>/<slug:code>/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/move/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/what-if/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/goal/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/report/": LEDGER,
    "assessment/runs/<int:pk>/<slug:code>/raise/<slug:kind>/<slug:node>/": POST_ONLY,
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
    "jobs/start/": ADMIN | AUDITOR,
    "jobs/<int:pk>/": CLERK | STATISTICIAN | ADMIN | AUDITOR,
    "jobs/<int:pk>/stop/": CLERK | STATISTICIAN | ADMIN | AUDITOR,
    "audit/": AUDITOR,
    "audit/export/": AUDITOR,
}

WHO: dict[str, Who] = {**_SITE, **_FACTS, **_LEDGER, **_ASSESSMENT, **_PEOPLE, **_GROUND}
