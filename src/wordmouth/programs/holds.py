"""When a reward comes, in words: to the advocate, to the friend, and in a description."""

from __future__ import annotations

from wordmouth.programs.phrases import Phrases


class Holds(Phrases):
    """Sentences on the hold of a programme."""

    def hold(self) -> str:
        """When the advocate's reward comes, to the advocate."""
        return self._advocate_at_once() if self._at_once else self._advocate_later()

    def friend_hold(self) -> str:
        """When the friend's reward comes that waits for their order, to the friend."""
        return self._friend_at_once() if self._at_once else self._friend_later()

    def held(self, text: str) -> str:
        """A phrase with when it comes, to anybody: `{text}, 14 days after delivery`."""
        return self._held_at_once(text) if self._at_once else self._held_later(text)

    @property
    def _at_once(self) -> bool:
        return self.document.hold.days == 0

    def _advocate_at_once(self) -> str:
        gettext = self.words.gettext
        match self.document.hold.after:
            case "placed":
                return gettext("You get it as soon as your friend has ordered.")
            case "paid":
                return gettext("You get it as soon as your friend has paid.")
            case "fulfilled":
                return gettext("You get it as soon as your friend's order is on its way.")
            case "delivered":
                return gettext("You get it as soon as your friend's order has arrived.")

    def _advocate_later(self) -> str:
        ngettext, days = self.counted, self.document.hold.days
        match self.document.hold.after:
            case "placed":
                return ngettext(
                    "You get it {number} day after your friend has ordered.",
                    "You get it {number} days after your friend has ordered.",
                    days,
                )
            case "paid":
                return ngettext(
                    "You get it {number} day after your friend has paid.",
                    "You get it {number} days after your friend has paid.",
                    days,
                )
            case "fulfilled":
                return ngettext(
                    "You get it {number} day after your friend's order was sent.",
                    "You get it {number} days after your friend's order was sent.",
                    days,
                )
            case "delivered":
                return ngettext(
                    "You get it {number} day after your friend's order has arrived.",
                    "You get it {number} days after your friend's order has arrived.",
                    days,
                )

    def _friend_at_once(self) -> str:
        gettext = self.words.gettext
        match self.document.hold.after:
            case "placed":
                return gettext("You get it as soon as you have ordered.")
            case "paid":
                return gettext("You get it as soon as you have paid.")
            case "fulfilled":
                return gettext("You get it as soon as your order is on its way.")
            case "delivered":
                return gettext("You get it as soon as your order has arrived.")

    def _friend_later(self) -> str:
        ngettext, days = self.counted, self.document.hold.days
        match self.document.hold.after:
            case "placed":
                return ngettext(
                    "You get it {number} day after you have ordered.",
                    "You get it {number} days after you have ordered.",
                    days,
                )
            case "paid":
                return ngettext(
                    "You get it {number} day after you have paid.",
                    "You get it {number} days after you have paid.",
                    days,
                )
            case "fulfilled":
                return ngettext(
                    "You get it {number} day after your order was sent.",
                    "You get it {number} days after your order was sent.",
                    days,
                )
            case "delivered":
                return ngettext(
                    "You get it {number} day after your order has arrived.",
                    "You get it {number} days after your order has arrived.",
                    days,
                )

    def _held_at_once(self, text: str) -> str:
        gettext = self.words.gettext
        match self.document.hold.after:
            case "placed":
                template = gettext("{text}, as soon as the friend has ordered")
            case "paid":
                template = gettext("{text}, as soon as the friend has paid")
            case "fulfilled":
                template = gettext("{text}, as soon as the order is on its way")
            case "delivered":
                template = gettext("{text}, as soon as the order has arrived")
        return template.format(text=text)

    def _held_later(self, text: str) -> str:
        ngettext, days = self.counted, self.document.hold.days
        match self.document.hold.after:
            case "placed":
                return ngettext(
                    "{text}, {number} day after the friend has ordered",
                    "{text}, {number} days after the friend has ordered",
                    days,
                    text=text,
                )
            case "paid":
                return ngettext(
                    "{text}, {number} day after the friend has paid",
                    "{text}, {number} days after the friend has paid",
                    days,
                    text=text,
                )
            case "fulfilled":
                return ngettext(
                    "{text}, {number} day after the order was sent",
                    "{text}, {number} days after the order was sent",
                    days,
                    text=text,
                )
            case "delivered":
                return ngettext(
                    "{text}, {number} day after the order has arrived",
                    "{text}, {number} days after the order has arrived",
                    days,
                    text=text,
                )
