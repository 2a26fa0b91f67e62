"""What an advocate buys from their wallet."""

from __future__ import annotations

import re
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit.errors import WordmouthError
from wordmouth.kit.money import exponent, to_minor
from wordmouth.programs import queries as programs
from wordmouth.rewards import redeeming
from wordmouth.rewards.errors import BadRedemption, NotEnough
from wordmouth.storefront.frame import Notice, frame_of, notice, storefront
from wordmouth.storefront.views.portal import signed_in
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write

_ONCE = re.compile(r"[0-9a-f]{32}")
_AMOUNT = re.compile(r"\d{1,10}([.,]\d{1,3})?")


@require_POST
@storefront
def redeem(request: HttpRequest, store: StoreFacts) -> HttpResponse:
    """Buy an option, or a coupon for an amount of store credit; then back to the page, where it is
    on its way. A form that is sent twice buys once."""
    advocate = signed_in(request, store)
    if advocate is None:
        return HttpResponseRedirect(frame_of(store).portal)
    option = request.POST.get("option") or None
    once = request.POST.get("once", "")
    try:
        amount = None if option else _minor(request, store, advocate)
        with store_write(store.id):
            redeeming.redeem(
                store.id,
                advocate.id,
                option=option,
                amount=amount,
                once=once if _ONCE.fullmatch(once) else "",
            )
    except (BadRedemption, NotEnough) as error:
        return _refused(request, store, error)
    return HttpResponseRedirect(f"{frame_of(store).portal}#wallet")


def _minor(request: HttpRequest, store: StoreFacts, advocate: AdvocateFacts) -> int:
    """The amount that was typed, in minor units. Raises BadRedemption."""
    with store_read(store.id):
        program = programs.programs([advocate.program_id])[advocate.program_id]
    currency = program.version.document.currency or store.currency
    text = request.POST.get("amount", "").strip()
    if not _AMOUNT.fullmatch(text):
        raise BadRedemption("An amount is a number such as 5 or 7.50.")
    amount = Decimal(text.replace(",", "."))
    if -int(amount.normalize().as_tuple().exponent) > exponent(currency):
        raise BadRedemption(f"{currency} has {exponent(currency)} decimals.")
    return to_minor(amount, currency)


def _refused(request: HttpRequest, store: StoreFacts, error: WordmouthError) -> HttpResponse:
    if isinstance(error, NotEnough):
        title, text = _("That is not there yet"), _("Your wallet does not hold enough for it.")
    else:
        title = _("That cannot be bought")
        text = _("Choose one of the things on your page, or an amount that you have.")
    shown = Notice(
        title=title,
        text=f"{text} {_('Nothing was taken.')}",
        art="resting",
        action=_("Back to your page"),
        url=f"{frame_of(store).portal}#wallet",
    )
    return notice(request, store, shown, status=error.status)
