"""Addresses of this room."""

from django.urls import path

from bihuan.designs.views import acting, public, reading

_version = "<int:pk>/versions/<int:number>/"
_opinion = "<int:pk>/opinions/<int:number>/"

app_name = "designs"
urlpatterns = [
    path("", reading.index, name="index"),
    path("begin/", acting.begin, name="begin"),
    path("aspects/", acting.aspects, name="aspects"),
    path("aspects/<slug:code>/", acting.aspect, name="aspect"),
    path("public/", public.index, name="public"),
    path("public/<slug:slug>/", public.notice, name="public-notice"),
    path("public/<slug:slug>/pages/<int:number>/", public.page, name="public-page"),
    path("meetings/", reading.meetings, name="meetings"),
    path("meetings/call/", acting.call, name="call"),
    path("meetings/<int:pk>/", reading.meeting, name="meeting"),
    path("meetings/<int:pk>/agenda.pdf", reading.agenda_pdf, name="agenda-pdf"),
    path("meetings/<int:pk>/minutes/", reading.minutes, name="minutes"),
    path("meetings/<int:pk>/minutes.pdf", reading.minutes_pdf, name="minutes-pdf"),
    path("meetings/<int:pk>/do/<slug:name>/", acting.meeting, name="meeting-act"),
    path("meetings/<int:pk>/items/<int:number>/do/<slug:name>/", acting.item, name="item-act"),
    path("<int:pk>/", reading.scheme, name="scheme"),
    path("<int:pk>/do/<slug:name>/", acting.scheme, name="scheme-act"),
    path("<int:pk>/opinions.pdf", reading.sheet, name="sheet"),
    path("<int:pk>/bcf/<slug:edition>/", reading.bcf, name="bcf"),
    path("<int:pk>/compare/<int:old>/<int:new>/", reading.compare, name="compare"),
    path("<int:pk>/notices/<int:notice>/", reading.notice, name="notice"),
    path("<int:pk>/notices/<int:notice>/do/<slug:name>/", acting.notice, name="notice-act"),
    path(_version, reading.version, name="version"),
    path(f"{_version}files/<int:order>/", reading.file, name="file"),
    path(f"{_version}do/<slug:name>/", acting.version, name="version-act"),
    path(_opinion, reading.opinion, name="opinion"),
    path(f"{_opinion}pictures/<int:order>/", reading.picture, name="picture"),
    path(f"{_opinion}do/<slug:name>/", acting.opinion, name="opinion-act"),
]
