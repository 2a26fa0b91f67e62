"""To an advocate: cash is on its way, has arrived, or came back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.kit.errors import NotFound
from wordmouth.messages import lookups
from wordmouth.messages.letters import Button, Letter, Occasion, Ticket
from wordmouth.payouts import queries as payouts
from wordmouth.payouts.facts import PayoutFacts


def write(occasion: Occasion) -> Letter | None:
    """Nothing where it has come to another state meanwhile: another mail tells that."""
    try:
        payout = payouts.payout(str(occasion.about["payout"]))
    except NotFound:
        return None
    if payout.state != occasion.about["state"]:
        return None
    amount = occasion.voice.money(payout.amount, payout.currency)
    title, told, detail = _words(payout)
    return Letter(
        subject=_("{title}: {amount}").format(title=title, amount=amount),
        preview=told,
        title=title,
        paragraphs=(told,),
        ticket=Ticket(value=amount, detail=detail),
        button=Button(
            label=_("See my wallet"), url=lookups.portal_address(occasion, payout.advocate_id)
        ),
        because=_("You get this mail because you recommend {store}.").format(
            store=occasion.store.name
        ),
    )


def _words(payout: PayoutFacts) -> tuple[str, str, str]:
    to = _("to {account}").format(account=payout.hint)
    if payout.state == "sent":
        return _("On its way"), _("Your cash is on its way; banks take a few days."), to
    if payout.state == "settled":
        return _("Paid out"), _("Your cash was paid out."), to
    told = _(
        "The payment came back, and the amount is in your wallet again. Please look whether the "
        "account on your page is right."
    )
    return _("The payment came back"), told, _("not {account}").format(account=payout.hint)
