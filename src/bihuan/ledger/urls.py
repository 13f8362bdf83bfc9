"""Addresses of this room."""

from django.urls import path

from bihuan.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.index, name="index"),
    path("raise/", views.raise_finding, name="raise"),
    path("<int:pk>/", views.finding, name="finding"),
    path("<int:pk>/evidence/<int:evidence>/", views.evidence, name="evidence"),
    path("<int:pk>/<slug:name>/", views.step, name="step"),
]
