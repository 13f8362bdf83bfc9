"""Addresses of this room."""

from django.urls import path

from bihuan.winter.views import room

app_name = "winter"
urlpatterns = [
    path("", room.shown("room"), name="index"),
    path("seasons/<int:pk>/", room.shown("season"), name="season"),
    path("contracts/", room.shown("contracts"), name="contracts"),
    path("teams/", room.shown("teams"), name="teams"),
    path("teams/<int:pk>/", room.shown("team"), name="team"),
    path("stores/", room.shown("stores"), name="stores"),
    path("stores/<int:pk>/", room.shown("store"), name="store"),
    path("roster/", room.duties, name="roster"),
    path("roster/file.<slug:kind>", room.duties_file, name="roster-file"),
    path("drills/", room.shown("drills"), name="drills"),
    path("drills/<int:pk>/", room.shown("drill"), name="drill"),
    path("fronts/", room.shown("fronts"), name="fronts"),
    path("fronts/<int:pk>/", room.shown("front"), name="front"),
    path("photos/<int:pk>/", room.photo, name="photo"),
    path("tables/", room.shown("tables"), name="tables"),
    path("tables/<slug:code>/", room.table, name="table"),
    path("act/<slug:kind>/<int:pk>/<slug:name>/", room.act, name="act"),
]
