"""Addresses to include in the shop: ``path("wordmouth/", include("wordmouth_oscar.urls"))``."""

from django.urls import path

from wordmouth_oscar.views import coupon_endpoint

app_name = "wordmouth_oscar"
urlpatterns = [path("coupons", coupon_endpoint, name="coupons")]
