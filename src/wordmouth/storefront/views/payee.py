"""Where an advocate wants their cash."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wordmouth.payouts import queries as payouts
from wordmouth.payouts import services
from wordmouth.payouts.errors import BadAccount
from wordmouth.storefront.frame import frame_of, page, storefront
from wordmouth.storefront.views.portal import signed_in
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write

METHODS = ("iban", "paypal")
"""What people can enter themselves; a Stripe account is connected by the shop."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The form. `now` is what is known already, masked; `field` and `fault` what is wrong."""

    now: str
    method: str
    name: str
    iban: str
    email: str
    field: str
    fault: str


@require_http_methods(["GET", "HEAD", "POST"])
@storefront
def payee(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """The form; POST keeps what was entered, sealed, and shows it masked from then on."""
    advocate = signed_in(request, store)
    if advocate is None:
        return HttpResponseRedirect(frame_of(store).portal)
    if request.method == "POST":
        try:
            _keep(request, store, advocate.id)
        except BadAccount as error:
            return _form(request, store, advocate.id, error)
        return HttpResponseRedirect(f"{frame_of(store).portal}#wallet")
    return _form(request, store, advocate.id, None)


def _keep(request: HttpRequest, store: StoreFacts, advocate_id: str) -> None:
    method = request.POST.get("method", "")
    if method not in METHODS:
        raise BadAccount("method", _("choose a bank account or PayPal"))
    given = {"name": _given(request, "name"), "iban": _given(request, "iban")}
    if method == "paypal":
        given = {"email": _given(request, "email")}
    with store_write(store.id):
        services.set_payee(store.id, advocate_id, method, by=f"advocate {advocate_id}", **given)


def _given(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()[:254]


def _form(
    request: HttpRequest, store: StoreFacts, advocate_id: str, error: BadAccount | None
) -> HttpResponse:
    with store_read(store.id):
        known = payouts.payees([advocate_id]).get(advocate_id)
    shown = Page(
        now=known.hint if known else "",
        method=request.POST.get("method") or (known.method if known else "iban"),
        name=_given(request, "name"),
        iban=_given(request, "iban"),
        email=_given(request, "email"),
        field=error.path if error else "",
        fault=error.message if error else "",
    )
    return page(request, store, "payee", shown, status=error.status if error else 200)
