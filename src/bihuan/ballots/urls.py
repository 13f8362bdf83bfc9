"""Addresses of a vote: doors, short since they stand on every slip, and the staff's desk."""

from django.urls import path

from bihuan.ballots.views import desk, doors, stations

app_name = "ballots"
urlpatterns = [
    path("desk/", desk.index, name="index"),
    path("recount.py", doors.verifier, name="verifier"),
    path("<slug:slug>/", doors.rate, name="rate"),
    path("<slug:slug>/right/", doors.right, name="right"),
    path("<slug:slug>/issue/", doors.issue, name="issue"),
    path("<slug:slug>/cast/", doors.cast, name="cast"),
    path("<slug:slug>/state/", doors.state, name="state"),
    path("<slug:slug>/slip/", doors.slip, name="slip"),
    path("<slug:slug>/screen/<slug:key>/", doors.screen, name="screen"),
    path("<slug:slug>/check/", doors.check, name="check"),
    path("<slug:slug>/bundle.json", doors.bundle, name="bundle"),
    path("<slug:slug>/station/hello/", stations.hello, name="station-hello"),
    path("<slug:slug>/station/keys/", stations.keys, name="station-keys"),
    path("<slug:slug>/station/waiting/", stations.waiting, name="station-waiting"),
    path("<slug:slug>/station/signed/", stations.signed, name="station-signed"),
    path("<slug:slug>/station/final/", stations.final, name="station-final"),
    path("<slug:slug>/station/cosign/", stations.cosign, name="station-cosign"),
    path("<slug:slug>/desk/", desk.poll, name="desk"),
    path("<slug:slug>/desk/act/<slug:name>/", desk.act, name="act"),
    path("<slug:slug>/desk/roll/", desk.roll, name="roll"),
    path("<slug:slug>/desk/enrol/", desk.enrol, name="enrol"),
    path("<slug:slug>/desk/late/", desk.late, name="late"),
    path("<slug:slug>/desk/roll/<int:number>/", desk.voter, name="voter"),
    path("<slug:slug>/desk/roll/<int:number>/give/<slug:kind>/", desk.give, name="give"),
    path("<slug:slug>/desk/roll/<int:number>/take-back/", desk.take_back, name="take-back"),
    path("<slug:slug>/desk/invitations.pdf", desk.invitations, name="invitations"),
    path("<slug:slug>/desk/print/", desk.print_slips, name="print"),
    path("<slug:slug>/desk/return/", desk.return_slips, name="return"),
    path("<slug:slug>/desk/paper/", desk.paper, name="paper"),
    path("<slug:slug>/desk/box.sqlite3", desk.copy, name="copy"),
    path("<slug:slug>/desk/full.json", desk.full, name="full"),
]
