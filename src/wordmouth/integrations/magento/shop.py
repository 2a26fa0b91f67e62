"""One Magento shop: its calls, and what of its websites is meant."""

from __future__ import annotations

from functools import cached_property

from wordmouth.fulfilment.ports import Refused
from wordmouth.integrations.magento import wire
from wordmouth.integrations.magento.calls import WHO, MagentoCalls


class MagentoShop:
    """The shop behind `calls`, or only the website with that code of it (empty: all)."""

    def __init__(self, calls: MagentoCalls, website: str = "") -> None:
        self.calls = calls
        self.website = website

    @cached_property
    def websites(self) -> tuple[int, ...]:
        """The numbers of the websites that are meant. Raises Unreachable, SaidNo, Refused."""
        found = self.calls.read(self.calls.get("/store/websites"), list[wire.Website])
        there = {site.code: site.id for site in found if site.id}
        if not self.website:
            return tuple(sorted(there.values()))
        if self.website not in there:
            codes = ", ".join(sorted(there))
            raise Refused(f"{WHO} has no website {self.website!r}; it has {codes}.")
        return (there[self.website],)

    @cached_property
    def views(self) -> tuple[wire.View, ...]:
        """Their store views. Raises Unreachable, SaidNo, Refused."""
        found = self.calls.read(self.calls.get("/store/storeConfigs"), list[wire.View])
        return tuple(view for view in found if view.website_id in self.websites)

    @property
    def currency(self) -> str:
        """What they count in. Raises Unreachable, SaidNo, and Refused where it is not the same."""
        currencies = sorted({view.base_currency_code for view in self.views})
        if len(currencies) != 1:
            found = " and ".join(currencies) or "nothing"
            raise Refused(
                f"The websites of this shop count in {found}; connect one of them (--website)."
            )
        return currencies[0]
