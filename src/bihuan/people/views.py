"""Sign in, sign out, passwords, the acting post. Pages of the register are in `register.py`."""

from django.contrib import messages
from django.contrib.auth import logout as django_logout
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.base.errors import Refused
from bihuan.people import middleware, services
from bihuan.people.access import Asked, signed_in_only
from bihuan.people.forms import PasswordForm, SignInForm
from bihuan.ui.panel import FormPage, FormPanel


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    if form.is_valid():
        # The one place outside the middleware that catches a refusal: at the door the sentence
        # belongs beside the fields, and the account name should not have to be typed again.
        try:
            account = services.sign_in(**form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            middleware.begin_session(request, account)
            return redirect(_local(request, request.GET.get("next", "")))
    panel = FormPanel("", form, request.get_full_path(), _("登录"))
    page = FormPage(_("登录"), panel)
    return render(
        request, "people/sign_in.html", {"page": page}, status=422 if form.errors else 200
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    django_logout(request)
    return redirect("people:sign-in")


@sensitive_post_parameters("old", "new", "again")
@signed_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Asked) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        asked = form.cleaned_data
        account = services.change_password(
            request.account, by=request.post, old=asked["old"], new=asked["new"]
        )
        update_session_auth_hash(request, account)
        messages.success(request, _("密码已修改。"))
        return redirect("/")
    intro = (
        _("首次登录或密码被重置后，须先改密码。") if request.account.must_change_password else ""
    )
    panel = FormPanel("", form, reverse("people:password"), _("修改密码"))
    page = FormPage(_("修改密码"), panel, intro)
    return render(request, "ui/form.html", {"page": page}, status=422 if form.errors else 200)


@require_POST
@signed_in_only
def act_as(request: Asked) -> HttpResponse:
    for post in request.posts:
        if str(post.pk) == request.POST.get("post"):
            middleware.choose_post(request, post)
            messages.success(request, _("现在以“%(post)s”的身份办理。") % {"post": post.label()})
    return redirect("/")


def _local(request: HttpRequest, address: str) -> str:
    """The address to go on to, if it is one of ours."""
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if address and ours else "/"
