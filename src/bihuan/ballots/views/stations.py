"""The doors of the scrutineer's own laptop: it shows the word that the desk gave out."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from bihuan.ballots import forms, queries, services
from bihuan.ballots.views.doors import as_json


@as_json
def hello(request: HttpRequest, slug: str) -> HttpResponse:
    poll = queries.poll(slug)
    services.station_known(poll, word=forms.text(forms.body(request), "word"))
    return JsonResponse(
        {"box": poll.box_id, "title": poll.title, "phase": poll.phase, "due": services.due(poll)}
    )


@as_json
def keys(request: HttpRequest, slug: str) -> HttpResponse:
    said = forms.body(request)
    services.station_keys(
        queries.poll(slug),
        word=forms.text(said, "word"),
        keys=forms.public_keys(said),
        head=forms.text(said, "head"),
    )
    return JsonResponse({"box": queries.poll(slug).box_id})


@as_json
def waiting(request: HttpRequest, slug: str) -> HttpResponse:
    said = forms.body(request)
    poll = queries.poll(slug)
    found = services.station_waiting(poll, word=forms.text(said, "word"))
    return JsonResponse({"phase": poll.phase, "due": services.due(poll), "waiting": found})


@as_json
def signed(request: HttpRequest, slug: str) -> HttpResponse:
    said = forms.body(request)
    kept = services.station_signed(
        queries.poll(slug), word=forms.text(said, "word"), signed=forms.named_hexes(said, "signed")
    )
    return JsonResponse({"kept": kept})


@as_json
def final(request: HttpRequest, slug: str) -> HttpResponse:
    """After the count: the log and its final head, for the station to check before it signs."""
    poll = queries.poll(slug)
    services.station_known(poll, word=forms.text(forms.body(request), "word"))
    return JsonResponse({"phase": poll.phase, "bundle": poll.open or {}})


@as_json
def cosign(request: HttpRequest, slug: str) -> HttpResponse:
    said = forms.body(request)
    head = said.get("head")
    services.cosign(
        queries.poll(slug),
        word=forms.text(said, "word"),
        head=head if isinstance(head, dict) else {},
    )
    return JsonResponse({})
