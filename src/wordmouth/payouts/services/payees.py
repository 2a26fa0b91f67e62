"""Verbs on accounts: where advocates are paid, what the store pays from, tax papers."""

from __future__ import annotations

from wordmouth.advocates import queries as advocates
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.kit.ids import new_id
from wordmouth.payouts import banking, destinations, queries
from wordmouth.payouts.errors import BadAccount
from wordmouth.payouts.facts import PayeeFacts, PayingAccountFacts
from wordmouth.payouts.models import Payee, PayingAccount, Payout, TaxPapers
from wordmouth.payouts.sepa import FORMS, Paying
from wordmouth.payouts.services.moving import LONGEST_BY, forget_details

FIRST_YEAR, LAST_YEAR = 2000, 2200


def set_payee(
    store_id: str,
    advocate_id: str,
    method: str,
    *,
    name: str = "",
    iban: str = "",
    email: str = "",
    account: str = "",
    by: str,
) -> PayeeFacts:
    """Say where an advocate is paid: `iban` with holder's `name` and `iban`, `paypal` with an
    `email`, `stripe` with the id of a connected `account`.

    Payouts that were made before go where they were meant to go. Raises NotFound, BadAccount.
    """
    advocates.advocate(advocate_id)
    to = destinations.checked(method, name=name, iban=iban, email=email, account=account)
    row = Payee.objects.filter(advocate_id=advocate_id).first()
    if row is None:
        row = Payee(id=new_id("pye"), store_id=store_id, advocate_id=advocate_id)
    row.method, row.hint = to.method, to.hint
    row.in_sepa = to.method == "iban" and banking.in_sepa(to.account)
    row.details = destinations.sealed(to, row.id)
    row.set_at, row.set_by = clock.now(), by[:LONGEST_BY]
    row.save()
    return queries.payee_facts(row)


def forget_payee(advocate_id: str) -> None:
    """Forget where an advocate is paid, and where their past payouts went. Of payouts that are
    under way it is forgotten when their batch is over. Raises NotFound."""
    queries.payee(advocate_id)
    Payee.objects.filter(advocate_id=advocate_id).delete()
    paid = Payout.objects.filter(advocate_id=advocate_id)
    forget_details(set(paid.values_list("batch_id", flat=True)))


def set_paying_account(
    store_id: str, *, name: str, iban: str, bic: str = "", form: str = "", by: str
) -> PayingAccountFacts:
    """Say which account the store pays from, and which pain.001 its bank takes (the newer one
    where `form` is not given). Raises BadAccount."""
    form = form or FORMS[0]
    if form not in FORMS:
        raise BadAccount("form", f"is {' or '.join(FORMS)}, not {form[:20]!r}")
    paying = Paying(
        name=banking.checked_name(name),
        iban=banking.checked_iban(iban),
        bic=banking.checked_bic(bic) if bic else "",
    )
    if not banking.in_sepa(paying.iban):
        raise BadAccount("iban", f"{paying.iban[:2]} takes no part in SEPA")
    row = PayingAccount.objects.first()
    if row is None:
        row = PayingAccount(id=new_id("dbt"), store_id=store_id)
    row.details = destinations.sealed(paying, row.id)
    row.hint, row.form = banking.hint_of(paying.iban), form
    row.set_at, row.set_by = clock.now(), by[:LONGEST_BY]
    row.save()
    found = queries.paying_account()
    assert found is not None
    return found


def note_papers(store_id: str, advocate_id: str, year: int, *, by: str) -> None:
    """Note that the store has the tax papers of an advocate's person for a calendar year; from
    then on the tax hold holds nothing back. Raises NotFound, Invalid."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid(f"year: a calendar year such as {clock.now().year}, not {year}")
    person = advocates.advocate(advocate_id).person_id
    TaxPapers.objects.get_or_create(
        store_id=store_id,
        person_id=person,
        year=year,
        defaults={"noted_at": clock.now(), "noted_by": by[:LONGEST_BY]},
    )
