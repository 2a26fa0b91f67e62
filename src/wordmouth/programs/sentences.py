"""Offers and conditions as plain sentences, for pages, mails, the API and the merchant.

Pure, like `phrases`, of which the sentences are made. A sentence ends with a full stop; a phrase
does not.
"""

from __future__ import annotations

from collections.abc import Mapping

from wordmouth.programs.document import (
    AFTER_ORDER_KINDS,
    AdvocateLimit,
    Goods,
    Offer,
    ProgramDocument,
    TotalLimit,
)
from wordmouth.programs.holds import Holds
from wordmouth.programs.phrases import Words, known_locale

__all__ = ["Wording", "Words", "describe", "known_locale"]

MOST_NAMED = 5
"""Goods that are named one by one; more of them are called certain goods."""


class Wording(Holds):
    """Sentences for one reader of one programme."""

    def headline(self, offer: Offer) -> str:
        """What the offer gives, to the advocate: `Give 10% off, get €10.00 off.`"""
        gettext = self.words.gettext
        if offer.friend is None:
            return gettext("Recommend us, get {reward}.").format(
                reward=self.rewards(offer.advocate)
            )
        friend = self.reward(offer.friend)
        if not offer.advocate:
            return gettext("Give a friend {reward}.").format(reward=friend)
        return gettext("Give {friend}, get {advocate}.").format(
            friend=friend, advocate=self.rewards(offer.advocate)
        )

    def offer(self, offer: Offer) -> str:
        """The offer and when it is paid, to the advocate, in one line."""
        parts = [self.headline(offer)]
        if offer.advocate:
            parts.append(self.hold())
        return " ".join(parts)

    def for_friend(self, offer: Offer) -> str | None:
        """What the friend gets, to the friend; None where the friend gets nothing."""
        if offer.friend is None:
            return None
        gettext, kind = self.words.gettext, offer.friend.kind
        if kind == "early_access":
            first = following = gettext("You get {reward}.")
        elif kind in AFTER_ORDER_KINDS:
            first = gettext("You get {reward} after your first order.")
            following = gettext("You get {reward} after your next order.")
        elif kind == "free_product":
            first = gettext("You get {reward} with your first order.")
            following = gettext("You get {reward} with your next order.")
        else:
            first = gettext("You get {reward} on your first order.")
            following = gettext("You get {reward} on your next order.")
        text = first if self._is_for_new else following
        return text.format(reward=self.reward(offer.friend))

    def for_advocate(self, offer: Offer) -> str | None:
        """What the advocate gets, to the advocate; None where the advocate gets nothing."""
        if not offer.advocate:
            return None
        gettext = self.words.gettext
        if self.is_simple(offer):
            text = gettext("You get {reward} for every friend who buys.")
        else:
            text = gettext("You get {reward}.")
        return text.format(reward=self.rewards(offer.advocate))

    def describe(self, offer: Offer) -> str:
        """The whole offer in one sentence, to anybody: who gets what, for what, and when."""
        gettext = self.words.gettext
        if offer.friend is None:
            text = self.held(gettext("The advocate gets {reward}").format(reward=self._all(offer)))
        elif not offer.advocate:
            text = self._friend_part(offer)
        else:
            both = gettext("{friend}; the advocate gets {reward}")
            text = self.held(both.format(friend=self._friend_part(offer), reward=self._all(offer)))
        return gettext("{sentence}.").format(sentence=text)

    def limits(self) -> list[str]:
        """How much one advocate is rewarded at the most, to the advocate; the programme's budget
        is between the store and its books."""
        limits = self.document.limits
        parts = (limits.per_advocate, limits.per_advocate_total)
        return [sentence for limit in parts if limit for sentence in self._limit(limit)]

    def conditions(self, offer: Offer) -> list[str]:
        """Everything a friend has to know before claiming `offer`, one sentence each."""
        gettext, ngettext = self.words.gettext, self.counted
        eligibility = self.document.eligibility
        found = []
        if self._is_for_new:
            found.append(gettext("For people who have not bought here before."))
        if eligibility.min_order:
            text = gettext(
                "For orders of {amount} or more, after discounts, without shipping and tax."
            )
            found.append(text.format(amount=self.money(eligibility.min_order)))
        found += self._goods()
        found += self._friend_times(offer)
        found.append(
            ngettext(
                "The order counts within {number} day of the first visit.",
                "The order counts within {number} days of the first visit.",
                self.document.attribution_days,
            )
        )
        return found

    @property
    def _is_for_new(self) -> bool:
        return self.document.eligibility.friend == "new_customers"

    def _all(self, offer: Offer) -> str:
        """All of the advocate's rewards, with for which friends."""
        rewards = self.rewards(offer.advocate)
        if not self.is_simple(offer):
            return rewards
        return self.words.gettext("{reward} for every friend who buys").format(reward=rewards)

    def _friend_part(self, offer: Offer) -> str:
        """What the friend gets, for which order."""
        assert offer.friend is not None, "asked only where the friend gets something"
        gettext, new = self.words.gettext, self._is_for_new
        if offer.friend.kind == "early_access":
            return gettext("The friend gets {reward}").format(reward=self.reward(offer.friend))
        if offer.friend.kind in AFTER_ORDER_KINDS:
            first = gettext("The friend gets {reward} after the first order")
            following = gettext("The friend gets {reward} after the next order")
        elif offer.friend.kind == "free_product":
            first = gettext("The friend gets {reward} with the first order")
            following = gettext("The friend gets {reward} with the next order")
        else:
            first = gettext("The friend gets {reward} on the first order")
            following = gettext("The friend gets {reward} on the next order")
        text = (first if new else following).format(reward=self.reward(offer.friend))
        least = self.document.eligibility.min_order
        if not least:
            return text
        return gettext("{text} (of {amount} or more)").format(text=text, amount=self.money(least))

    def _friend_times(self, offer: Offer) -> list[str]:
        """When the friend's reward comes and how long it is good for."""
        reward = offer.friend
        if reward is None:
            return []
        ngettext = self.counted
        found = [self.friend_hold()] if reward.kind in AFTER_ORDER_KINDS else []
        if reward.expires_days and found:
            found.append(
                ngettext(
                    "From then on it is valid for {number} day.",
                    "From then on it is valid for {number} days.",
                    reward.expires_days,
                )
            )
        elif reward.expires_days:
            found.append(
                ngettext(
                    "The code is valid for {number} day.",
                    "The code is valid for {number} days.",
                    reward.expires_days,
                )
            )
        return found

    def _goods(self) -> list[str]:
        """Which goods count."""
        gettext, eligibility = self.words.gettext, self.document.eligibility
        found = []
        if eligibility.include is not None:
            names = self._names(eligibility.include)
            text = gettext("Only these goods count: {goods}.")
            found.append(
                text.format(goods=names) if names else gettext("Only certain goods count.")
            )
        if eligibility.exclude is not None:
            names = self._names(eligibility.exclude)
            text = gettext("These goods do not count: {goods}.")
            found.append(
                text.format(goods=names) if names else gettext("Certain goods do not count.")
            )
        return found

    def _names(self, goods: Goods) -> str:
        """The names of some goods; nothing where one has none, or there are too many."""
        names = [*goods.categories, *(self.products.get(one, "") for one in goods.products)]
        return self.listed(names) if all(names) and len(names) <= MOST_NAMED else ""

    def _limit(self, limit: AdvocateLimit | TotalLimit) -> list[str]:
        gettext, ngettext = self.words.gettext, self.counted
        days = limit.days if isinstance(limit, AdvocateLimit) else 0
        found = []
        if limit.count is not None:
            friends = ngettext("{number} friend", "{number} friends", limit.count)
            found.append(
                ngettext(
                    "You are rewarded for at most {friends} within {number} day.",
                    "You are rewarded for at most {friends} within {number} days.",
                    days,
                    friends=friends,
                )
                if days
                else gettext("You are rewarded for at most {friends} in all.").format(
                    friends=friends
                )
            )
        if limit.value is not None:
            amount = self.money(limit.value)
            found.append(
                ngettext(
                    "You get rewards of at most {amount} within {number} day.",
                    "You get rewards of at most {amount} within {number} days.",
                    days,
                    amount=amount,
                )
                if days
                else gettext("You get rewards of at most {amount} in all.").format(amount=amount)
            )
        return found


def describe(
    document: ProgramDocument,
    offer: Offer,
    *,
    locale: str = "en",
    words: Words | None = None,
    products: Mapping[str, str] | None = None,
) -> str:
    """The whole of an offer in one plain sentence, from the document alone."""
    wording = Wording(document, locale=locale, words=words, products=products)
    return wording.describe(offer)
