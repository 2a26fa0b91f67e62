"""What is asked of Saleor's GraphQL API, word for word, and what its webhooks are to tell.

An order is asked for in the same words by webhook and by question, so both read alike. Fields that
a version does not have would refuse the whole question: this is for Saleor 3.20 and newer.
"""

from __future__ import annotations

PATH = "/graphql/"
KEYS_PATH = "/.well-known/jwks.json"
"""Where a shop shows the keys that it signs with: of its host, whatever the path of its API."""
TOKEN_NOTE, CODE_NOTE = "_wordmouth_token", "_wordmouth_code"
"""Public metadata of a checkout, which its order keeps: where the buyer came from."""

PAGE, ORDERS_PER_PAGE = 100, 20
"""Saleor gives at most 100 at once, and a question costs what it could bring."""

_MONEY = "{ net { amount } gross { amount } }"
_NET = "{ net { amount } }"
_PERSON = "id email firstName lastName languageCode"

_ORDER = f"""
    id number created updatedAt status chargeStatus voucherCode userEmail languageCodeEnum
    metafields(keys: ["{TOKEN_NOTE}", "{CODE_NOTE}"])
    user {{ id email firstName lastName }}
    shippingAddress {{ country {{ code }} }}
    billingAddress {{ country {{ code }} }}
    total {{ currency net {{ amount }} gross {{ amount }} }}
    subtotal {_MONEY}
    shippingPrice {_MONEY}
    giftCards {{ id }}
    lines {{
      id productName productSku quantity
      undiscountedUnitPrice {_NET}
      undiscountedTotalPrice {_NET}
      totalPrice {_NET}
      variant {{ product {{ id category {{ name }} productType {{ kind }} }} }}
    }}
    fulfillments {{ status created }}
    events {{ type date }}
    transactions {{ events {{ id type createdAt pspReference amount {{ amount }} }} }}
    payments {{ transactions {{ id kind isSuccess created amount {{ amount }} }} }}
    grantedRefunds {{ lines {{ quantity orderLine {{ id }} }} transactionEvents {{ id }} }}
"""

ORDER_EVENTS = {
    "ORDER_CREATED": "OrderCreated",
    "ORDER_CONFIRMED": "OrderConfirmed",
    "ORDER_UPDATED": "OrderUpdated",
    "ORDER_PAID": "OrderPaid",
    "ORDER_FULLY_PAID": "OrderFullyPaid",
    "ORDER_REFUNDED": "OrderRefunded",
    "ORDER_FULLY_REFUNDED": "OrderFullyRefunded",
    "ORDER_FULFILLED": "OrderFulfilled",
    "ORDER_CANCELLED": "OrderCancelled",
    "ORDER_EXPIRED": "OrderExpired",
    "ORDER_METADATA_UPDATED": "OrderMetadataUpdated",
}
CUSTOMER_EVENTS = {"CUSTOMER_CREATED": "CustomerCreated", "CUSTOMER_UPDATED": "CustomerUpdated"}
EVENTS = (*ORDER_EVENTS, *CUSTOMER_EVENTS)
"""What the webhook is sent for."""


def _told() -> str:
    orders = [f"... on {kind} {{ order {{ ...Told }} }}" for kind in ORDER_EVENTS.values()]
    people = [f"... on {kind} {{ user {{ {_PERSON} }} }}" for kind in CUSTOMER_EVENTS.values()]
    parts = "\n    ".join(orders + people)
    return f"subscription Wordmouth {{\n  event {{\n    {parts}\n  }}\n}}\n{_TOLD}"


_TOLD = f"fragment Told on Order {{{_ORDER}}}"
SUBSCRIPTION = _told()
"""The content of deliveries: no street and no telephone number comes here."""

_PRODUCT = """
    id name updatedAt
    category { name }
    defaultVariant { sku }
    thumbnail(size: 512) { url }
    channelListings { isPublished discountedPrice { amount currency } }
"""


def _whole(name: str, field: str, fields: str) -> str:
    return f"query {name}($id: ID!) {{ found: {field}(id: $id) {{ {fields} }} }}"


def _changed(name: str, field: str, fields: str, size: int = PAGE) -> str:
    """A list in the order of change, from a time of the shop's own on."""
    return f"""query {name}($since: DateTime, $after: String) {{
  listed: {field}(
    first: {size}, after: $after, filter: {{ updatedAt: {{ gte: $since }} }}
    sortBy: {{ field: LAST_MODIFIED_AT, direction: ASC }}
  ) {{ edges {{ node {{ {fields} }} }} pageInfo {{ hasNextPage endCursor }} }}
}}"""


ORDER = f"{_whole('WordmouthOrder', 'order', '...Told')}\n{_TOLD}"
ORDERS = f"{_changed('WordmouthOrders', 'orders', '...Told', ORDERS_PER_PAGE)}\n{_TOLD}"
CUSTOMER = _whole("WordmouthCustomer", "user", f"{_PERSON} updatedAt")
CUSTOMERS = _changed("WordmouthCustomers", "customers", f"{_PERSON} updatedAt")
PRODUCT = _whole("WordmouthProduct", "product", _PRODUCT)
PRODUCTS = _changed("WordmouthProducts", "products", _PRODUCT)
CONNECTION = """query WordmouthConnection {
  app {
    name
    permissions { code }
    webhooks { id targetUrl isActive subscriptionQuery asyncEvents { eventType } }
  }
}"""
_HOOK = "webhook { id } errors { field code message }"
SUBSCRIBE = f"""mutation WordmouthSubscribe($input: WebhookCreateInput!) {{
  webhookCreate(input: $input) {{ {_HOOK} }}
}}"""
RESUBSCRIBE = f"""mutation WordmouthResubscribe($id: ID!, $input: WebhookUpdateInput!) {{
  webhookUpdate(id: $id, input: $input) {{ {_HOOK} }}
}}"""

_VOUCHER = """
    id name endDate
    codes(first: 10) { edges { node { code used } } }
    channelListings { id }
"""
FIND = f"""query WordmouthFind($code: String!) {{
  vouchers(first: 20, filter: {{ search: $code }}) {{ edges {{ node {{ {_VOUCHER} }} }} }}
}}"""
CHANNELS = "query WordmouthChannels { channels { id slug currencyCode isActive } }"
_MADE = f"voucher {{ {_VOUCHER} }} errors {{ field code message }}"
MAKE = f"""mutation WordmouthMake($input: VoucherInput!) {{
  voucherCreate(input: $input) {{ {_MADE} }}
}}"""
LIST = f"""mutation WordmouthList($id: ID!, $input: VoucherChannelListingInput!) {{
  voucherChannelListingUpdate(id: $id, input: $input) {{ {_MADE} }}
}}"""
CHANGE = f"""mutation WordmouthChange($id: ID!, $input: VoucherInput!) {{
  voucherUpdate(id: $id, input: $input) {{ {_MADE} }}
}}"""
DELETE = """mutation WordmouthDelete($id: ID!) {
  voucherDelete(id: $id) { errors { field code message } }
}"""
