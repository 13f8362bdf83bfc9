"""Addresses of this room."""

from django.urls import path

from bihuan.fleet.views import api, devices, passes, register

app_name = "fleet"
urlpatterns = [
    path("", register.index, name="index"),
    path("enter/", register.enter, name="enter"),
    path("import/", register.bring, name="import"),
    path("shifts/", register.shifts, name="shifts"),
    path("depots/", register.depots, name="depots"),
    path("depots/<int:pk>/", register.depot, name="depot"),
    path("devices/", devices.devices, name="devices"),
    path("devices/<int:pk>/end/", devices.end_device, name="end-device"),
    path("keeping/", devices.keeping, name="keeping"),
    path("passes/", passes.index, name="passes"),
    path("passes/<int:pk>/", passes.detail, name="pass"),
    path("api/", api.page, name="api"),
    path("positions/", api.positions, name="positions"),
    path("positions/openapi.json", api.document, name="openapi"),
    path("<int:pk>/", register.vehicle, name="vehicle"),
    path("<int:pk>/amend/", register.amend, name="amend"),
    path("<int:pk>/retire/", register.retire, name="retire"),
    path("<int:pk>/start/", register.start_shift, name="start-shift"),
    path("<int:pk>/end/", register.end_shift, name="end-shift"),
    path("<int:pk>/track/", register.track, name="track"),
]
