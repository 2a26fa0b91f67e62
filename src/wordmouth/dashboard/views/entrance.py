"""Signing in and out, and choosing among one's stores."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wordmouth.dashboard.frame import visitor
from wordmouth.kit.limits import Limit
from wordmouth.stores import queries as stores

TRIES_BY_VISITOR = Limit(burst=20, per_second=0.05)
TRIES_BY_NAME = Limit(burst=8, per_second=0.02)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; after eight wrong ones a name has to wait."""
    if request.method != "POST":
        return _form(request)
    name = request.POST.get("username", "").strip()
    wait = max(TRIES_BY_VISITOR.take(visitor(request)), TRIES_BY_NAME.take(name.casefold()))
    if wait:
        problem = _("Too many tries. Wait {seconds} seconds.").format(seconds=wait)
        response = _form(request, problem, status=429)
        response["Retry-After"] = str(wait)
        return response
    user = authenticate(request, username=name, password=request.POST.get("password", ""))
    if user is None:
        return _form(request, _("Name and password do not belong together."), status=422)
    login(request, user)
    return HttpResponseRedirect(_onward(request))


def _onward(request: HttpRequest) -> str:
    """Where the user wanted to go, if that is on this site."""
    wanted = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if own else reverse("desk:stores")


def _form(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    context = {
        "problem": problem,
        "name": request.POST.get("username", "")[:150],
        "next": given.get("next", ""),
    }
    response = render(request, "desk/login.html", context, status=status)
    add_never_cache_headers(response)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect(reverse("desk:login"))


@require_safe
def stores_of_mine(request: HttpRequest) -> HttpResponse:
    """The one store of the user, or a choice of several."""
    if not request.user.is_authenticated or request.user.pk is None:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    mine = stores.stores_of_user(request.user.pk)
    if len(mine) == 1:
        return HttpResponseRedirect(reverse("desk:overview", args=[mine[0].slug]))
    response = render(request, "desk/stores.html", {"stores": mine})
    add_never_cache_headers(response)
    return response
