"""The addresses of the storefront; included at the root of the site."""

from django.urls import path

from wordmouth.storefront.views import (
    access,
    brand,
    extension,
    friend,
    join,
    landing,
    mails,
    payee,
    portal,
    wallet,
    widget,
)

app_name = "storefront"
urlpatterns = [
    path("widget.js", widget.script, name="widget"),
    path("s/-/<str:store_id>/widget.json", widget.settings, name="widget-settings"),
    path("s/-/<str:store_id>/shopify.json", extension.shopify, name="shopify"),
    path("s/<slug:slug>", landing.landing, name="landing"),
    path("s/<slug:slug>/brand.css", brand.brand_css, name="brand"),
    path("s/<slug:slug>/icon.svg", brand.icon, name="icon"),
    path("s/<slug:slug>/join", join.join, name="join"),
    path("s/<slug:slug>/from/<str:code>", friend.friend, name="friend"),
    path("s/<slug:slug>/from/<str:code>/coupon", friend.coupon, name="coupon"),
    path("s/<slug:slug>/me", portal.portal, name="portal"),
    path("s/<slug:slug>/me/redeem", wallet.redeem, name="redeem"),
    path("s/<slug:slug>/me/payee", payee.payee, name="payee"),
    path("s/<slug:slug>/me/leave", portal.leave, name="leave"),
    path("s/<slug:slug>/me/sign-out", portal.sign_out, name="sign-out"),
    path("s/<slug:slug>/me/qr.svg", portal.qr_svg, name="qr-svg"),
    path("s/<slug:slug>/me/qr.png", portal.qr_png, name="qr-png"),
    path("s/<slug:slug>/access/<str:token>", access.access, name="access"),
    path("s/<slug:slug>/unsubscribe/<str:key>", mails.unsubscribe, name="unsubscribe"),
]
