from bihuan.site import demo
from bihuan.assessment.models import Run, Round, Scheme
from tests.pages.who import *
from tests.pages.who import Who
exec(open("/tmp/assess/who_rows.py").read())
def test_who(browse, run, post):
    from django.test import Client
    found = Round.objects.get(assess_year=2022, scheme__subject="zone")
    clients = {a.username: browse(a.username) for a in demo.ACCOUNTS} | {"": browse()}
    for c in clients.values(): c.raise_request_exception = False
    bad = []
    for route, who in _ASSESSMENT.items():
        pk = run.pk if "runs/" in route else Scheme.objects.order_by("pk")[0].pk if "schemes/" in route else found.pk
        a = "/" + route.replace("<int:pk>", str(pk)).replace("<slug:code>", "zone").replace("<slug:rule>", "jump").replace("<slug:kind>", "low").replace("<slug:node>", "gdp")
        for name, c in clients.items():
            s = c.get(a).status_code
            want = 405 if who is POST_ONLY else 302 if not name else (200, 302) if name in who else 404
            if s != want and not (isinstance(want, tuple) and s in want): bad.append((a, name, s, want))
            p = c.post(a, {}).status_code
            if p >= 500: bad.append((a, name, "POST", p))
    assert bad == []
