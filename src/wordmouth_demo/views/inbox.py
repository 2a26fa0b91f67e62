"""The inbox: every mail that was sent to anybody, read as its recipient would read it."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from wordmouth_demo import config, presenters, web
from wordmouth_demo.mailbody import framed, links
from wordmouth_demo.models import Mail

MOST = 200


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List the mails, of one recipient if asked."""
    return _page(request, None)


@require_safe
def mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Show one mail beside the list."""
    found = _mail(mail_id)
    if found.opened_at is None:
        Mail.objects.filter(pk=found.pk).update(opened_at=config.get().now())
    return _page(request, found)


@require_safe
@xframe_options_sameorigin
def body(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Answer a mail's HTML for its frame: no script runs, nothing but pictures is loaded."""
    found = _mail(mail_id)
    site = config.get().site_url
    response = HttpResponse(framed(found.html))
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'self'; "
        f"img-src 'self' {site} data:; form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )
    return response


@require_POST
def empty(request: HttpRequest) -> HttpResponse:
    """Throw all mails away."""
    Mail.objects.all().delete()
    return web.go(reverse("wordmouth_demo:inbox"), web.Notice("The inbox is empty again.", "plain"))


def _page(request: HttpRequest, opened: Mail | None) -> HttpResponse:
    who = request.GET.get("to", "").strip().lower()
    rows = Mail.objects.order_by("-received_at", "-pk")
    if who:
        rows = rows.filter(recipient=who)
    recipients = Mail.objects.order_by("recipient").values_list("recipient", flat=True)
    return web.page(
        request,
        "inbox.html",
        {
            "here": "inbox",
            "who": who,
            "suffix": f"?{urlencode({'to': who})}" if who else "",
            "recipients": list(recipients.distinct()),
            "mails": [presenters.mail_view(row) for row in rows[:MOST]],
            "opened": presenters.mail_view(opened, whole=True) if opened else None,
            "links": links(opened.html, opened.text) if opened else [],
        },
    )


def _mail(mail_id: int) -> Mail:
    found = Mail.objects.filter(pk=mail_id).first()
    if found is None:
        raise Http404("That mail is not in the inbox.")
    return found
