"""What the coupon endpoint answers when it cannot do what was asked."""

from django.http import JsonResponse


class Problem(Exception):
    """A refusal in the caller's terms: HTTP status, stable code, and a sentence."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail

    def response(self) -> JsonResponse:
        """Return the refusal as ``application/problem+json``."""
        content = {
            "type": "about:blank",
            "title": self.code.replace("_", " ").capitalize(),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
        }
        return JsonResponse(content, status=self.status, content_type="application/problem+json")
