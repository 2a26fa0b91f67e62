"""What wallets buy, with the reward that came of it."""

from __future__ import annotations

from collections.abc import Sequence

from wordmouth.advocates import queries as advocates
from wordmouth.api import views_rewards
from wordmouth.api.paging import check_id, page_of
from wordmouth.api.requests import RedemptionQuery, RedemptionRequest
from wordmouth.api.shapes import Page
from wordmouth.api.shapes_rewards import Redemption
from wordmouth.rewards import queries as rewards
from wordmouth.rewards import redeeming
from wordmouth.rewards.facts import RedemptionFacts


def redeem(store_id: str, body: RedemptionRequest) -> Redemption:
    """Buy something from a wallet. Raises NotFound, BadRedemption, NotEnough."""
    check_id("body.advocate", body.advocate, "adv")
    advocates.advocate(body.advocate)
    made = redeeming.redeem(store_id, body.advocate, option=body.option, amount=body.amount)
    return shown([made])[0]


def cancel(store_id: str, redemption_id: str) -> Redemption:
    """Give it back. Raises RedemptionNotFound, RedemptionUsed."""
    return shown([redeeming.cancel(store_id, redemption_id)])[0]


def one(redemption_id: str) -> Redemption:
    """One redemption. Raises RedemptionNotFound."""
    return shown([rewards.redemption(redemption_id)])[0]


def page(query: RedemptionQuery) -> Page[Redemption]:
    """Redemptions, newest first."""
    check_id("query.advocate", query.advocate, "adv")

    def read(limit: int, starting_after: str | None) -> Sequence[RedemptionFacts]:
        return rewards.redemptions(
            advocate=query.advocate, limit=limit, starting_after=starting_after
        )

    return page_of(query, "red", read, shown)


def shown(found: Sequence[RedemptionFacts]) -> list[Redemption]:
    """Redemptions as shapes, with a fixed number of queries however many they are."""
    bought = rewards.of_redemptions(facts.id for facts in found)
    shapes = views_rewards.shown(list(bought.values()))
    by_id = {shape.id: shape for shape in shapes}
    return [
        Redemption(
            id=facts.id,
            advocate=facts.advocate_id,
            option=facts.option or None,
            pay_with=facts.pay_with,
            price=facts.price,
            unit=facts.unit,
            kind=facts.kind,
            value=facts.value,
            product=facts.product or None,
            status=facts.state,
            reward=by_id[bought[facts.id].id],
            made_at=facts.made_at,
            cancelled_at=facts.cancelled_at,
        )
        for facts in found
    ]
