"""Checkout, the confirmation with the invitation to recommend, and the buyer's account."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language_from_request
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wordmouth_demo import config, coupons, deliveries, orders, presenters, pricing, signing, web
from wordmouth_demo.forms import CheckoutForm
from wordmouth_demo.models import Customer, Order
from wordmouth_demo.web import Notice


@require_http_methods(["GET", "HEAD", "POST"])
@web.remembers_arrival
def checkout(request: HttpRequest) -> HttpResponse:
    """Ask for address and payment, and place the order."""
    if not web.basket(request):
        return web.go(
            reverse("wordmouth_demo:basket"), Notice("Your basket is still empty.", "plain")
        )
    if request.method != "POST":
        return _ask(request, CheckoutForm(initial=_known(request)))
    form = CheckoutForm(request.POST)
    if not form.is_valid():
        return _ask(request, form)
    try:
        order = orders.place(_new_order(request, form.cleaned_data), config.get().now())
    except coupons.CouponRefused as refused:
        form.add_error("coupon", str(refused))
        return _ask(request, form)
    deliveries.flush()
    response = web.go(reverse("wordmouth_demo:thanks", args=[order.external_id]))
    web.keep_buyer(response, order.customer_id)
    web.forget_purchase(response)
    return response


@require_safe
def thanks(request: HttpRequest, external_id: str) -> HttpResponse:
    """Confirm an order to its buyer and invite them to recommend the shop."""
    order, customer = orders.find(external_id), web.buyer(request)
    if order is None or customer is None or order.customer_id != customer.pk:
        raise Http404("This browser has placed no such order.")
    return web.page(
        request,
        "thanks.html",
        {
            "here": "shop",
            "order": presenters.order_view(order),
            "first_name": customer.first_name,
            "join_url": _join_url(customer),
        },
    )


@require_safe
@web.remembers_arrival
def account(request: HttpRequest) -> HttpResponse:
    """Show the buyer's orders, or ask who they are."""
    customer = web.buyer(request)
    if customer is None:
        return web.page(request, "sign_in.html", {"here": "account"})
    placed = (
        Order.objects.filter(customer=customer)
        .select_related("customer", "coupon")
        .prefetch_related("lines", "refunds")
        .order_by("-placed_at", "-pk")
    )
    return web.page(
        request,
        "account.html",
        {
            "here": "account",
            "first_name": customer.first_name,
            "email": customer.email,
            "orders": presenters.order_views(placed),
            "join_url": _join_url(customer),
        },
    )


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Continue as a known customer: a make-believe shop asks for no password."""
    url = reverse("wordmouth_demo:account")
    email = request.POST.get("email", "").strip().lower()
    customer = Customer.objects.filter(email=email).first()
    if customer is None:
        return web.go(url, Notice(f"Nobody has bought here as “{email[:80]}” yet.", "bad"))
    response = web.go(url)
    web.keep_buyer(response, customer.pk)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who uses this browser."""
    response = web.go(reverse("wordmouth_demo:account"), Notice("You are signed out.", "plain"))
    web.keep_buyer(response, None)
    return response


def _ask(request: HttpRequest, form: CheckoutForm) -> HttpResponse:
    lines = web.basket(request)
    code = (form["coupon"].value() or "").strip().upper()
    coupon = web.check_coupon(code, lines)
    sums = pricing.totals(pricing.items_sum(lines), coupon.terms if coupon else None)
    return web.page(
        request,
        "checkout.html",
        {
            "here": "basket",
            "form": form,
            "lines": [presenters.basket_line(line) for line in lines],
            "coupon": coupon,
            "sums": presenters.sums_view(sums),
        },
    )


def _known(request: HttpRequest) -> dict[str, str]:
    known = {"coupon": web.coupon_code(request), "country": "EE", "payment": "now"}
    customer = web.buyer(request)
    if customer is None:
        return known
    known |= {
        "email": customer.email,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
    }
    last = Order.objects.filter(customer=customer).order_by("-pk").first()
    if last is not None:
        known |= {name: getattr(last, name) for name in ("line1", "postcode", "city", "country")}
    return known


def _new_order(request: HttpRequest, data: dict[str, Any]) -> orders.NewOrder:
    return orders.NewOrder(
        lines=web.basket(request),
        buyer=orders.Buyer(
            email=data["email"],
            first_name=data["first_name"],
            last_name=data["last_name"],
            locale=get_language_from_request(request).split("-")[0],
        ),
        address=orders.Address(
            line1=data["line1"],
            postcode=data["postcode"],
            city=data["city"],
            country=data["country"],
        ),
        coupon_code=data["coupon"],
        attribution_token=web.token(request),
        client_ip=request.META.get("REMOTE_ADDR", ""),
        user_agent=request.headers.get("user-agent", ""),
        paid_at_once=data["payment"] == "now",
    )


def _join_url(customer: Customer) -> str:
    shop = config.get()
    claims = {
        "email": customer.email,
        "id": customer.number,
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "locale": customer.locale,
        "iat": int(shop.now().timestamp()),
    }
    return shop.join_url(signing.customer_token(shop.webhook_secret, claims))
