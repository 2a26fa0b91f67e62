"""What happens after what: one table from events to handlers.

Read from top to bottom it is the way of a fact through the house. Handlers get all events of one
type at once, inside the transaction of the fact. A room upstream does not know who reads it here.
"""

from __future__ import annotations

from wordmouth.fulfilment import services as fulfilment
from wordmouth.fulfilment.events import CouponIssued
from wordmouth.kit.events import Table
from wordmouth.messages import services as messages
from wordmouth.orders.events import OrderChanged
from wordmouth.payouts import services as payouts
from wordmouth.payouts.events import PayoutChanged
from wordmouth.people.events import PersonLearned, PersonsMerged
from wordmouth.programs.events import IntakeChanged, ProgramChanged
from wordmouth.referrals import services as referrals
from wordmouth.referrals.events import ReferralChanged
from wordmouth.rewards import budgets
from wordmouth.rewards import services as rewards
from wordmouth.rewards.events import RewardChanged
from wordmouth.visits.events import ClaimMade

REACTIONS: Table = {
    ProgramChanged: [budgets.on_programs_changed],
    IntakeChanged: [fulfilment.on_intake_changed, payouts.on_intake_changed],
    PersonsMerged: [referrals.on_persons_changed],
    PersonLearned: [referrals.on_persons_changed],
    OrderChanged: [
        referrals.on_orders_changed,
        rewards.on_orders_changed,
        messages.on_orders_changed,
    ],
    ClaimMade: [rewards.on_claims_made],
    ReferralChanged: [rewards.on_referrals_changed, messages.on_referrals_changed],
    RewardChanged: [
        fulfilment.on_rewards_changed,
        messages.on_rewards_changed,
        budgets.on_rewards_changed,
    ],
    CouponIssued: [messages.on_coupons_issued],
    PayoutChanged: [messages.on_payouts_changed],
}
