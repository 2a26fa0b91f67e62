"""The demo's addresses, mounted by the project under /demo/."""

from django.urls import path

from wordmouth_demo.views import checkout, control, coupon_door, guide, inbox, shop

app_name = "wordmouth_demo"

urlpatterns = [
    path("", guide.start, name="start"),
    path("shop/", shop.front, name="shop"),
    path("shop/products/<slug:slug>/", shop.product, name="product"),
    path("shop/products/<slug:slug>/art.svg", shop.art, name="art"),
    path("shop/basket/", shop.basket, name="basket"),
    path("shop/basket/add", shop.add, name="basket_add"),
    path("shop/basket/update", shop.update, name="basket_update"),
    path("shop/basket/coupon", shop.coupon, name="basket_coupon"),
    path("shop/checkout/", checkout.checkout, name="checkout"),
    path("shop/orders/<str:external_id>/thanks/", checkout.thanks, name="thanks"),
    path("shop/account/", checkout.account, name="account"),
    path("shop/account/sign-in", checkout.sign_in, name="sign_in"),
    path("shop/account/sign-out", checkout.sign_out, name="sign_out"),
    path("shop/coupons", coupon_door.coupon_door, name="coupon_door"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/empty", inbox.empty, name="inbox_empty"),
    path("inbox/<int:mail_id>/", inbox.mail, name="mail"),
    path("inbox/<int:mail_id>/body", inbox.body, name="mail_body"),
    path("control/", control.control, name="control"),
    path("control/clock", control.move_clock, name="clock"),
    path("control/deliveries/retry", control.retry, name="retry"),
    path("control/deliveries/<int:delivery_id>/resend", control.resend, name="resend"),
    path(
        "control/orders/<str:external_id>/<slug:action>",
        control.order_action,
        name="order_action",
    ),
]
