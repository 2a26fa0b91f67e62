"""The addresses of the desk; included under `desk`."""

from django.urls import path

from wordmouth.dashboard.views import (
    batches,
    connection,
    entrance,
    operations,
    overview,
    payouts,
    program,
    referrals,
    trial,
)

app_name = "desk"
urlpatterns = [
    path("", entrance.stores_of_mine, name="stores"),
    path("/login", entrance.sign_in, name="login"),
    path("/logout", entrance.sign_out, name="logout"),
    path("/<slug:slug>", overview.overview, name="overview"),
    path("/<slug:slug>/referrals", referrals.table, name="referrals"),
    path("/<slug:slug>/referrals/<str:referral_id>", referrals.detail, name="referral"),
    path("/<slug:slug>/programme", program.program, name="program"),
    path("/<slug:slug>/programme/status", program.status, name="program-status"),
    path("/<slug:slug>/payouts", payouts.overview, name="payouts"),
    path("/<slug:slug>/payouts/answers", payouts.answers, name="payout-answers"),
    path("/<slug:slug>/payouts/year/<int:year>", payouts.year, name="payout-year"),
    path("/<slug:slug>/payouts/year/<int:year>.csv", payouts.year_table, name="payout-year-table"),
    path("/<slug:slug>/payouts/batch/<str:batch_id>", batches.batch, name="batch"),
    path("/<slug:slug>/payouts/batch/<str:batch_id>/file", batches.file, name="batch-file"),
    path("/<slug:slug>/payouts/payout/<str:payout_id>", batches.payout, name="payout"),
    path("/<slug:slug>/connection", connection.overview, name="connection"),
    path("/<slug:slug>/connection/<slug:adapter>", connection.shop, name="shop"),
    path(
        "/<slug:slug>/connection/<slug:adapter>/disconnect",
        connection.disconnect,
        name="shop-disconnect",
    ),
    path("/<slug:slug>/test-order", trial.begin, name="test-order"),
    path(
        "/<slug:slug>/test-order/<str:code>/<int:since>",
        trial.follow,
        name="test-order-followed",
    ),
    path("/<slug:slug>/deliveries", operations.deliveries, name="deliveries"),
    path("/<slug:slug>/effects", operations.effects, name="effects"),
]
