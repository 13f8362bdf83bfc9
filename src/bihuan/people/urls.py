"""Addresses of this room."""

from django.urls import path

from bihuan.people import register, views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password, name="password"),
    path("act-as/", views.act_as, name="act-as"),
    path("units/", register.units, name="units"),
    path("units/add/", register.add_unit, name="add-unit"),
    path("units/<int:pk>/", register.unit, name="unit"),
    path("units/<int:pk>/<slug:name>/", register.unit_act, name="unit-act"),
    path("persons/", register.persons, name="persons"),
    path("persons/add/", register.add_person, name="add-person"),
    path("persons/<int:pk>/", register.person, name="person"),
    path("persons/<int:pk>/<slug:name>/", register.person_act, name="person-act"),
    path("roles/", register.roles, name="roles"),
    path("roles/add/", register.add_role, name="add-role"),
    path("roles/<int:pk>/", register.role, name="role"),
    path("accounts/", register.accounts, name="accounts"),
]
