"""The control room: what happens to orders in the world, and the demo's clock."""

from collections.abc import Callable
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from wordmouth_demo import config, deliveries, money, orders, presenters, web
from wordmouth_demo.models import Coupon, Delivery, Order
from wordmouth_demo.web import Notice

CLOCK_STEPS = (1, 14, 30)
RECENT = 6
MOST = 100


@require_safe
def control(request: HttpRequest) -> HttpResponse:
    """Show orders, coupons and deliveries with their buttons."""
    now = config.get().now()
    rows = (
        Order.objects.select_related("customer", "coupon")
        .prefetch_related("lines", "refunds")
        .order_by("-placed_at", "-pk")[:MOST]
    )
    views = presenters.order_views(rows)
    made = Coupon.objects.prefetch_related("orders").order_by("-pk")[:MOST]
    sent = Delivery.objects.order_by("-pk")[:30]
    return web.page(
        request,
        "control.html",
        {
            "here": "control",
            "recent": views[:RECENT],
            "earlier": views[RECENT:],
            "coupons": [presenters.coupon_view(each, now) for each in made],
            "deliveries": [presenters.delivery_view(each) for each in sent],
            "clock_steps": CLOCK_STEPS,
        },
    )


@require_POST
def order_action(request: HttpRequest, external_id: str, action: str) -> HttpResponse:
    """Do one thing to an order and tell the engine."""
    order = orders.find(external_id)
    if order is None or action not in _ACTIONS:
        raise Http404("There is no such order or action.")
    url = f"{reverse('wordmouth_demo:control')}#order-{external_id}"
    try:
        notice = _ACTIONS[action](order, request)
    except (orders.OrderProblem, ValueError) as problem:
        notice = Notice(str(problem), "bad")
    return web.go(url, notice)


@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Move the demo's clock on by one of the offered steps."""
    url = reverse("wordmouth_demo:control")
    step = request.POST.get("days", "")
    if step not in {str(days) for days in CLOCK_STEPS}:
        offered = ", ".join(str(days) for days in CLOCK_STEPS)
        return web.go(url, Notice(f"The clock moves by {offered} days.", "bad"))
    shop = config.get()
    shop.move_clock(timedelta(days=int(step)))
    days = "1 day" if step == "1" else f"{step} days"
    return web.go(
        url,
        Notice(
            f"The clock moved on by {days}: it is now {presenters.when(shop.now())}. "
            "What was waiting for time to pass happens within a few seconds.",
            link_url=reverse("wordmouth_demo:inbox"),
            link_label="Look into the inbox",
        ),
    )


@require_POST
def resend(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Send one delivery once more, under its old id."""
    row = Delivery.objects.filter(pk=delivery_id).first()
    if row is None:
        raise Http404("There is no such delivery.")
    return web.go(f"{reverse('wordmouth_demo:control')}#deliveries", _sent_again(row))


@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Send everything that did not arrive."""
    arrived, left = deliveries.retry_all()
    notice = Notice(f"{arrived} of {arrived + left} waiting deliveries arrived.")
    if left:
        notice = Notice(
            f"{arrived} arrived, {left} did not. Their last answers are in the list.", "bad"
        )
    return web.go(f"{reverse('wordmouth_demo:control')}#deliveries", notice)


def _pay(order: Order, request: HttpRequest) -> Notice:
    changed = orders.pay(order.pk, config.get().now())
    return _told(changed, f"Order {order.number} is paid.")


def _ship(order: Order, request: HttpRequest) -> Notice:
    changed = orders.ship(order.pk, config.get().now())
    return _told(changed, f"Order {order.number} is on its way.")


def _deliver(order: Order, request: HttpRequest) -> Notice:
    changed = orders.deliver(order.pk, config.get().now())
    return _told(
        changed, f"Order {order.number} has arrived. Its return window starts now: move the clock."
    )


def _cancel(order: Order, request: HttpRequest) -> Notice:
    changed = orders.cancel(order.pk, config.get().now())
    return _told(changed, f"Order {order.number} is cancelled. A coupon used on it stays used.")


def _refund(order: Order, request: HttpRequest) -> Notice:
    typed = request.POST.get("amount", "")
    amount = money.parse(typed) if typed else None
    changed = orders.refund(order.pk, amount, config.get().now())
    given = changed.refunds.order_by("-pk")[0].amount
    return _told(changed, f"{money.show(given)} of order {order.number} is given back.")


def _resend(order: Order, request: HttpRequest) -> Notice:
    row = deliveries.latest_of(order.pk)
    if row is None:
        raise orders.OrderProblem(f"Nothing was ever sent about order {order.number}.")
    return _sent_again(row)


def _twice(order: Order, request: HttpRequest) -> Notice:
    now = config.get().now()
    sent = [orders.send_again(order.pk, now) for _ in range(2)]
    arrived = sum(deliveries.send(row_id).delivered for row_id in sent)
    return Notice(
        f"Order {order.number} was reported twice more under new ids; {arrived} of 2 arrived. "
        "Nothing doubles: the engine compares whole orders.",
        "good" if arrived == 2 else "bad",
        f"{reverse('wordmouth_demo:control')}#deliveries",
        "See the answers",
    )


_ACTIONS: dict[str, Callable[[Order, HttpRequest], Notice]] = {
    "pay": _pay,
    "ship": _ship,
    "deliver": _deliver,
    "cancel": _cancel,
    "refund": _refund,
    "resend": _resend,
    "twice": _twice,
}


def _told(order: Order, happened: str) -> Notice:
    deliveries.flush()
    row = deliveries.latest_of(order.pk)
    if row is None or row.state != Delivery.State.DELIVERED:
        return Notice(
            f"{happened} The engine does not know yet: the delivery waits below.",
            "bad",
            f"{reverse('wordmouth_demo:control')}#deliveries",
            "See why",
        )
    return Notice(
        f"{happened} The engine was told and answered {row.answer_status}.",
        link_url=config.get().portal_url,
        link_label="See it in the advocate’s portal",
    )


def _sent_again(row: Delivery) -> Notice:
    outcome = deliveries.send(row.pk)
    if not outcome.delivered:
        said = f"{outcome.status} {outcome.text}" if outcome.status else outcome.text
        return Notice(f"The delivery did not arrive. {said[:160]}", "bad")
    return Notice(
        f"The same delivery about {row.subject} was sent once more and answered "
        f"{outcome.status}: {outcome.text[:80]}. Nothing doubles.",
        link_url=f"{reverse('wordmouth_demo:control')}#deliveries",
        link_label="See the deliveries",
    )
