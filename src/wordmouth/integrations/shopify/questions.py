"""What is asked of the GraphQL Admin API, word for word."""

from __future__ import annotations

VERSION = "2026-07"
"""The version of the API that all of this is written for. Shopify keeps one for a year."""
PATH = f"/admin/api/{VERSION}/graphql.json"
TOKEN_PATH = "/admin/oauth/access_token"  # noqa: S105 - an address

LINES_PER_PAGE, ORDERS_PER_PAGE, CUSTOMERS_PER_PAGE = 25, 10, 50
REFUNDS, REFUND_LINES = 10, 5
"""A question costs what it could bring, and one of more than 1,000 points is refused."""

_MONEY = "{ shopMoney { amount } }"
_PAGE = "pageInfo { hasNextPage endCursor }"
_PERSON = "legacyResourceId firstName lastName defaultEmailAddress { emailAddress }"
_LINES = f"""
lineItems(first: {LINES_PER_PAGE}, after: $after) {{
  nodes {{
    id name sku quantity isGiftCard
    product {{ legacyResourceId }}
    originalUnitPriceSet {_MONEY}
    taxLines {{ priceSet {_MONEY} }}
    discountAllocations {{ allocatedAmountSet {_MONEY} }}
  }}
  {_PAGE}
}}"""

ORDER = f"""query WordmouthOrder($id: ID!, $after: String) {{
  order(id: $id) {{
    legacyResourceId name email customerLocale test currencyCode taxesIncluded
    createdAt updatedAt processedAt cancelledAt
    displayFinancialStatus displayFulfillmentStatus discountCodes
    totalPriceSet {_MONEY}
    totalTaxSet {_MONEY}
    customAttributes {{ key value }}
    customerJourneySummary {{ firstVisit {{ landingPage }} }}
    customer {{ {_PERSON} }}
    shippingAddress {{ countryCodeV2 }}
    billingAddress {{ countryCodeV2 }}
    {_LINES}
    shippingLines(first: 5) {{
      nodes {{
        originalPriceSet {_MONEY}
        discountedPriceSet {_MONEY}
        taxLines {{ priceSet {_MONEY} }}
      }}
    }}
    refunds(first: {REFUNDS}) {{
      legacyResourceId createdAt
      refundLineItems(first: {REFUND_LINES}) {{
        nodes {{ quantity lineItem {{ id }} subtotalSet {_MONEY} totalTaxSet {_MONEY} }}
        {_PAGE}
      }}
      transactions(first: 2) {{ nodes {{ kind status amountSet {_MONEY} }} }}
    }}
    fulfillments(first: 10) {{ status displayStatus createdAt updatedAt deliveredAt }}
    transactions(first: 20) {{ kind status gateway processedAt amountSet {_MONEY} }}
    disputes {{ initiatedAs status }}
  }}
}}"""
LINES = f"""query WordmouthOrderLines($id: ID!, $after: String) {{
  order(id: $id) {{ {_LINES} }}
}}"""
ORDERS = f"""query WordmouthOrders($search: String!, $after: String) {{
  orders(first: {ORDERS_PER_PAGE}, after: $after, query: $search, sortKey: UPDATED_AT) {{
    nodes {{ id updatedAt }}
    {_PAGE}
  }}
}}"""
CUSTOMER = f"""query WordmouthCustomer($id: ID!) {{
  customer(id: $id) {{ updatedAt {_PERSON} }}
}}"""
CUSTOMERS = f"""query WordmouthCustomers($search: String!, $after: String) {{
  customers(first: {CUSTOMERS_PER_PAGE}, after: $after, query: $search, sortKey: UPDATED_AT) {{
    nodes {{ updatedAt {_PERSON} }}
    {_PAGE}
  }}
}}"""
CUSTOMER_OF = """query WordmouthCustomerOf($email: String!) {
  customerByIdentifier(identifier: { emailAddress: $email }) { id }
}"""
CONNECTION = """query WordmouthConnection {
  currentAppInstallation { accessScopes { handle } }
  webhookSubscriptions(first: 100) { nodes { id topic uri } }
}"""
SUBSCRIBE = """mutation WordmouthSubscribe(
  $topic: WebhookSubscriptionTopic!, $uri: String!, $fields: [String!]
) {
  webhookSubscriptionCreate(
    topic: $topic, webhookSubscription: { uri: $uri, format: JSON, includeFields: $fields }
  ) {
    webhookSubscription { id topic uri }
    userErrors { field message }
  }
}"""
SHOP = "query WordmouthShop { shop { currencyCode } }"
_DISCOUNT = """id codeDiscount {
      __typename
      ... on DiscountCodeBasic { title status endsAt asyncUsageCount }
      ... on DiscountCodeFreeShipping { title status endsAt asyncUsageCount }
    }"""
FIND = f"""query WordmouthFind($code: String!) {{
  codeDiscountNodeByCode(code: $code) {{ {_DISCOUNT} }}
}}"""
BASIC = f"""mutation WordmouthBasic($discount: DiscountCodeBasicInput!) {{
  discountCodeBasicCreate(basicCodeDiscount: $discount) {{
    codeDiscountNode {{ {_DISCOUNT} }}
    userErrors {{ field message code }}
  }}
}}"""
FREE_SHIPPING = f"""mutation WordmouthFreeShipping($discount: DiscountCodeFreeShippingInput!) {{
  discountCodeFreeShippingCreate(freeShippingCodeDiscount: $discount) {{
    codeDiscountNode {{ {_DISCOUNT} }}
    userErrors {{ field message code }}
  }}
}}"""
DEACTIVATE = f"""mutation WordmouthDeactivate($id: ID!) {{
  discountCodeDeactivate(id: $id) {{
    codeDiscountNode {{ {_DISCOUNT} }}
    userErrors {{ field message code }}
  }}
}}"""
