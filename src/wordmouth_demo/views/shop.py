"""The shop window and the basket."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from wordmouth_demo import catalog, presenters, pricing, web
from wordmouth_demo.web import Notice


@require_safe
@web.remembers_arrival
def front(request: HttpRequest) -> HttpResponse:
    """Show all articles by category."""
    shelves = [
        (name, line, [presenters.product_view(each) for each in catalog.in_category(name)])
        for name, line in catalog.CATEGORIES
    ]
    return web.page(request, "shop.html", {"here": "shop", "shelves": shelves})


@require_safe
@web.remembers_arrival
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one article."""
    found = _product(slug)
    others = [each for each in catalog.in_category(found.category) if each is not found]
    others += [each for each in catalog.PRODUCTS if each.category != found.category]
    return web.page(
        request,
        "product.html",
        {
            "here": "shop",
            "product": presenters.product_view(found),
            "others": [presenters.product_view(each) for each in others[:4]],
        },
    )


@require_safe
def art(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer the article's picture alone, for mails and link previews."""
    response = render(request, _product(slug).art, content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@require_safe
@web.remembers_arrival
def basket(request: HttpRequest) -> HttpResponse:
    """Show the basket with its coupon and its sums."""
    lines = web.basket(request)
    coupon = web.check_coupon(web.coupon_code(request), lines)
    sums = pricing.totals(pricing.items_sum(lines), coupon.terms if coupon else None)
    return web.page(
        request,
        "basket.html",
        {
            "here": "basket",
            "lines": [presenters.basket_line(line) for line in lines],
            "coupon": coupon,
            "sums": presenters.sums_view(sums),
        },
    )


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put one more of an article into the basket."""
    found = catalog.by_id(request.POST.get("product", ""))
    if found is None:
        raise Http404("Kohvik does not sell that.")
    quantities = _quantities(request)
    quantities[found.id] = quantities.get(found.id, 0) + _count(request, default=1)
    response = web.go(reverse("wordmouth_demo:basket"), Notice(f"{found.name} is in your basket."))
    web.keep_basket(response, quantities)
    return response


@require_POST
def update(request: HttpRequest) -> HttpResponse:
    """Set how many of an article are in the basket; 0 takes it out."""
    quantities = _quantities(request)
    product_id = request.POST.get("product", "")
    if product_id in quantities:
        quantities[product_id] = _count(request, default=quantities[product_id])
    response = web.go(reverse("wordmouth_demo:basket"))
    web.keep_basket(response, quantities)
    return response


@require_POST
def coupon(request: HttpRequest) -> HttpResponse:
    """Try a coupon on the basket, or take it out when the field is empty."""
    code = request.POST.get("coupon", "").strip().upper()[:64]
    check = web.check_coupon(code, web.basket(request))
    notice = Notice("The coupon is out of your basket.", "plain")
    if check is not None:
        good = Notice(f"Your coupon {code} is in the basket: {check.words}.")
        notice = good if check.terms else Notice(check.refusal, "bad")
    response = web.go(reverse("wordmouth_demo:basket"), notice)
    web.keep_coupon(response, code if check is None or check.terms else "")
    return response


def _product(slug: str) -> catalog.Product:
    found = catalog.by_slug(slug)
    if found is None:
        raise Http404("Kohvik does not sell that.")
    return found


def _quantities(request: HttpRequest) -> dict[str, int]:
    return {line.product.id: line.quantity for line in web.basket(request)}


def _count(request: HttpRequest, default: int) -> int:
    text = request.POST.get("quantity", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        return default
    return min(int(text), pricing.MAX_QUANTITY)
