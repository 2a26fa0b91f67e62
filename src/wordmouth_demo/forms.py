"""The checkout form."""

from typing import Any

from django import forms

COUNTRIES = (
    ("EE", "Estonia"),
    ("LV", "Latvia"),
    ("LT", "Lithuania"),
    ("FI", "Finland"),
    ("SE", "Sweden"),
    ("DE", "Germany"),
    ("NL", "Netherlands"),
    ("FR", "France"),
    ("IE", "Ireland"),
)
PAYMENTS = (("now", "Card, paid at once"), ("later", "Bank transfer, paid later"))


def _text(complete: str, **more: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": complete, **more})


class CheckoutForm(forms.Form):
    """Who buys, where it goes, which coupon, how it is paid."""

    email = forms.EmailField(
        label="E-mail",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "We need your e-mail to know whose order this is.",
            "invalid": "An e-mail address has an at sign and a domain, like ana@example.com.",
        },
    )
    first_name = forms.CharField(label="First name", max_length=80, widget=_text("given-name"))
    last_name = forms.CharField(label="Last name", max_length=80, widget=_text("family-name"))
    line1 = forms.CharField(
        label="Street and number", max_length=120, widget=_text("address-line1")
    )
    postcode = forms.CharField(label="Postcode", max_length=20, widget=_text("postal-code"))
    city = forms.CharField(label="Town", max_length=80, widget=_text("address-level2"))
    country = forms.ChoiceField(
        label="Country",
        choices=COUNTRIES,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    coupon = forms.CharField(
        label="Coupon code",
        max_length=64,
        required=False,
        widget=_text("off", autocapitalize="characters", spellcheck="false"),
    )
    payment = forms.ChoiceField(
        label="Payment", choices=PAYMENTS, initial="now", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name != "email" and field.required:
                field.error_messages["required"] = f"Please fill in: {field.label}."

    def clean_coupon(self) -> str:
        """Codes are written in upper case."""
        return str(self.cleaned_data["coupon"]).strip().upper()
