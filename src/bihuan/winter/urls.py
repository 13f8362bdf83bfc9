"""Addresses of this room."""

from django.urls import path

from bihuan.winter.pages import crews, field, season, stock, tables
from bihuan.winter.views import room

app_name = "winter"
urlpatterns = [
    path("", room.listed(season.index), name="index"),
    path("seasons/<int:pk>/", room.shown("season"), name="season"),
    path("contracts/", room.listed(season.contracts), name="contracts"),
    path("teams/", room.listed(crews.index), name="teams"),
    path("teams/<int:pk>/", room.shown("team"), name="team"),
    path("stores/", room.listed(stock.index), name="stores"),
    path("stores/<int:pk>/", room.shown("store"), name="store"),
    path("roster/", room.duties, name="roster"),
    path("roster/file.<slug:kind>", room.duties_file, name="roster-file"),
    path("drills/", room.listed(field.drills), name="drills"),
    path("drills/<int:pk>/", room.shown("drill"), name="drill"),
    path("fronts/", room.listed(field.fronts), name="fronts"),
    path("fronts/<int:pk>/", room.shown("front"), name="front"),
    path("photos/<int:pk>/", room.photo, name="photo"),
    path("tables/", room.listed(tables.index), name="tables"),
    path("tables/<slug:code>/", room.table, name="table"),
    path("act/<slug:kind>/<int:pk>/<slug:name>/", room.act, name="act"),
]
