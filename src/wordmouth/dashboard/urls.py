"""The addresses of the desk; included under `desk`."""

from django.urls import path

from wordmouth.dashboard.views import entrance, operations, overview, program, referrals

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
    path("/<slug:slug>/deliveries", operations.deliveries, name="deliveries"),
    path("/<slug:slug>/effects", operations.effects, name="effects"),
]
