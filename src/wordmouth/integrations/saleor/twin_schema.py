"""The part of Saleor's schema that is asked for here, as Saleor 3.20 has it: types, arguments and
what may be null. Questions that it does not allow are refused by the fake twin as by Saleor."""

SCHEMA = """
scalar DateTime
scalar Metadata
scalar PositiveDecimal
scalar JSONString

type Query {
  app(id: ID): App
  order(id: ID, externalReference: String): Order
  orders(
    sortBy: OrderSortingInput, filter: OrderFilterInput, channel: String
    before: String, after: String, first: Int, last: Int
  ): OrderCountableConnection
  user(id: ID, email: String, externalReference: String): User
  customers(
    filter: CustomerFilterInput, sortBy: UserSortingInput
    before: String, after: String, first: Int, last: Int
  ): UserCountableConnection
  product(id: ID, slug: String, externalReference: String, channel: String): Product
  products(
    filter: ProductFilterInput, sortBy: ProductOrder, channel: String
    before: String, after: String, first: Int, last: Int
  ): ProductCountableConnection
  channels: [Channel!]
  vouchers(
    filter: VoucherFilterInput, channel: String
    before: String, after: String, first: Int, last: Int
  ): VoucherCountableConnection
}

type Mutation {
  webhookCreate(input: WebhookCreateInput!): WebhookCreate
  webhookUpdate(id: ID!, input: WebhookUpdateInput!): WebhookUpdate
  voucherCreate(input: VoucherInput!): VoucherCreate
  voucherUpdate(id: ID, input: VoucherInput!): VoucherUpdate
  voucherDelete(id: ID!): VoucherDelete
  voucherChannelListingUpdate(
    id: ID!, input: VoucherChannelListingInput!
  ): VoucherChannelListingUpdate
}

type Subscription { event: Event }
interface Event { issuedAt: DateTime, version: String }
type OrderCreated implements Event { issuedAt: DateTime, version: String, order: Order }
type OrderConfirmed implements Event { issuedAt: DateTime, version: String, order: Order }
type OrderUpdated implements Event { issuedAt: DateTime, version: String, order: Order }
type OrderPaid implements Event { issuedAt: DateTime, version: String, order: Order }
type OrderFullyPaid implements Event { issuedAt: DateTime, version: String, order: Order }
type OrderRefunded implements Event { issuedAt: DateTime, version: String, order: Order }
type OrderFullyRefunded implements Event { issuedAt: DateTime, version: String, order: Order }
type OrderFulfilled implements Event { issuedAt: DateTime, version: String, order: Order }
type OrderCancelled implements Event { issuedAt: DateTime, version: String, order: Order }
type OrderExpired implements Event { issuedAt: DateTime, version: String, order: Order }
type OrderMetadataUpdated implements Event { issuedAt: DateTime, version: String, order: Order }
type CustomerCreated implements Event { issuedAt: DateTime, version: String, user: User }
type CustomerUpdated implements Event { issuedAt: DateTime, version: String, user: User }

type PageInfo {
  hasNextPage: Boolean!, hasPreviousPage: Boolean!, startCursor: String, endCursor: String
}
type Money { currency: String!, amount: Float! }
type TaxedMoney { currency: String!, gross: Money!, net: Money!, tax: Money! }
enum OrderDirection { ASC DESC }
input DateTimeRangeInput { gte: DateTime, lte: DateTime }

type Order {
  id: ID!
  created: DateTime!
  updatedAt: DateTime!
  status: OrderStatus!
  chargeStatus: OrderChargeStatusEnum!
  isPaid: Boolean!
  number: String!
  metafields(keys: [String!]): Metadata
  user: User
  userEmail: String
  languageCodeEnum: LanguageCodeEnum!
  billingAddress: Address
  shippingAddress: Address
  fulfillments: [Fulfillment!]!
  lines: [OrderLine!]!
  events: [OrderEvent!]!
  transactions: [TransactionItem!]!
  payments: [Payment!]!
  grantedRefunds: [OrderGrantedRefund!]!
  giftCards: [GiftCard!]!
  total: TaxedMoney!
  subtotal: TaxedMoney!
  shippingPrice: TaxedMoney!
  voucherCode: String
}
enum OrderStatus {
  DRAFT UNCONFIRMED UNFULFILLED PARTIALLY_FULFILLED PARTIALLY_RETURNED RETURNED FULFILLED CANCELED
  EXPIRED
}
enum OrderChargeStatusEnum { NONE PARTIAL FULL OVERCHARGED }
enum LanguageCodeEnum { EN ET PT_BR }
type OrderCountableConnection {
  pageInfo: PageInfo!, edges: [OrderCountableEdge!]!, totalCount: Int
}
type OrderCountableEdge { node: Order!, cursor: String! }
enum OrderSortField { NUMBER CREATED_AT LAST_MODIFIED_AT CUSTOMER }
input OrderSortingInput { direction: OrderDirection!, field: OrderSortField! }
input OrderFilterInput { updatedAt: DateTimeRangeInput, search: String, ids: [ID!] }
type Address { country: CountryDisplay! }
type CountryDisplay { code: String!, country: String! }
type OrderLine {
  id: ID!
  productName: String!
  productSku: String
  quantity: Int!
  unitPrice: TaxedMoney!
  undiscountedUnitPrice: TaxedMoney!
  totalPrice: TaxedMoney!
  undiscountedTotalPrice: TaxedMoney!
  variant: ProductVariant
}
type ProductVariant { id: ID!, sku: String, product: Product! }
type Product {
  id: ID!, name: String!, updatedAt: DateTime!, category: Category, productType: ProductType!
  defaultVariant: ProductVariant, thumbnail(size: Int): Image
  channelListings: [ProductChannelListing!]
}
type ProductChannelListing { id: ID!, isPublished: Boolean!, discountedPrice: Money }
type Image { url: String!, alt: String }
type ProductCountableConnection {
  pageInfo: PageInfo!, edges: [ProductCountableEdge!]!, totalCount: Int
}
type ProductCountableEdge { node: Product!, cursor: String! }
enum ProductOrderField { NAME PRICE DATE LAST_MODIFIED_AT }
input ProductOrder { channel: String, direction: OrderDirection!, field: ProductOrderField }
input ProductFilterInput { updatedAt: DateTimeRangeInput, search: String, ids: [ID!] }
type Category { id: ID!, name: String! }
type ProductType { id: ID!, kind: ProductTypeKindEnum! }
enum ProductTypeKindEnum { NORMAL GIFT_CARD }
type Fulfillment { id: ID!, status: FulfillmentStatus!, created: DateTime! }
enum FulfillmentStatus {
  FULFILLED REFUNDED RETURNED REPLACED REFUNDED_AND_RETURNED CANCELED WAITING_FOR_APPROVAL
}
type OrderEvent { id: ID!, date: DateTime, type: OrderEventsEnum }
enum OrderEventsEnum {
  PLACED CONFIRMED CANCELED EXPIRED ORDER_MARKED_AS_PAID ORDER_FULLY_PAID
  FULFILLMENT_FULFILLED_ITEMS TRANSACTION_EVENT
}
type TransactionItem { id: ID!, events: [TransactionEvent!]!, chargedAmount: Money! }
type TransactionEvent {
  id: ID!, createdAt: DateTime!, pspReference: String!, amount: Money!
  type: TransactionEventTypeEnum
}
enum TransactionEventTypeEnum {
  AUTHORIZATION_SUCCESS CHARGE_SUCCESS CHARGE_FAILURE CHARGE_BACK REFUND_REQUEST REFUND_SUCCESS
  REFUND_FAILURE REFUND_REVERSE INFO
}
type Payment { id: ID!, transactions: [Transaction!] }
type Transaction {
  id: ID!, created: DateTime!, kind: TransactionKind!, isSuccess: Boolean!, amount: Money
}
enum TransactionKind { EXTERNAL AUTH CAPTURE VOID REFUND CONFIRM CANCEL PENDING }
type OrderGrantedRefund {
  id: ID!, lines: [OrderGrantedRefundLine!], transactionEvents: [TransactionEvent!]
}
type OrderGrantedRefundLine { id: ID!, quantity: Int!, orderLine: OrderLine! }
type GiftCard { id: ID! }

type User {
  id: ID!
  email: String!
  firstName: String!
  lastName: String!
  languageCode: LanguageCodeEnum!
  updatedAt: DateTime!
}
type UserCountableConnection { pageInfo: PageInfo!, edges: [UserCountableEdge!]!, totalCount: Int }
type UserCountableEdge { node: User!, cursor: String! }
enum UserSortField { FIRST_NAME LAST_NAME EMAIL ORDER_COUNT CREATED_AT LAST_MODIFIED_AT }
input UserSortingInput { direction: OrderDirection!, field: UserSortField! }
input CustomerFilterInput { updatedAt: DateTimeRangeInput, search: String, ids: [ID!] }

type App { id: ID!, name: String, permissions: [Permission!], webhooks: [Webhook!] }
type Permission { code: PermissionEnum!, name: String! }
enum PermissionEnum {
  MANAGE_USERS MANAGE_ORDERS MANAGE_DISCOUNTS HANDLE_PAYMENTS MANAGE_PRODUCTS MANAGE_APPS
}
type Webhook {
  id: ID!, name: String, targetUrl: String!, isActive: Boolean!, subscriptionQuery: String
  asyncEvents: [WebhookEventAsync!]!
}
type WebhookEventAsync { eventType: WebhookEventTypeAsyncEnum!, name: String! }
enum WebhookEventTypeAsyncEnum {
  ORDER_CREATED ORDER_CONFIRMED ORDER_UPDATED ORDER_PAID ORDER_FULLY_PAID ORDER_REFUNDED
  ORDER_FULLY_REFUNDED ORDER_FULFILLED ORDER_CANCELLED ORDER_EXPIRED ORDER_METADATA_UPDATED
  CUSTOMER_CREATED CUSTOMER_UPDATED
}
input WebhookCreateInput {
  name: String, targetUrl: String, asyncEvents: [WebhookEventTypeAsyncEnum!], app: ID
  isActive: Boolean, secretKey: String, query: String, customHeaders: JSONString
}
input WebhookUpdateInput {
  name: String, targetUrl: String, asyncEvents: [WebhookEventTypeAsyncEnum!], app: ID
  isActive: Boolean, secretKey: String, query: String, customHeaders: JSONString
}
type WebhookCreate { errors: [WebhookError!]!, webhook: Webhook }
type WebhookUpdate { errors: [WebhookError!]!, webhook: Webhook }
type WebhookError { field: String, message: String, code: WebhookErrorCode! }
enum WebhookErrorCode { GRAPHQL_ERROR INVALID NOT_FOUND REQUIRED UNIQUE SYNTAX }

type Channel { id: ID!, slug: String!, currencyCode: String!, isActive: Boolean! }
type Voucher {
  id: ID!
  name: String
  codes(before: String, after: String, first: Int, last: Int): VoucherCodeCountableConnection
  usageLimit: Int
  startDate: DateTime!
  endDate: DateTime
  channelListings: [VoucherChannelListing!]
}
type VoucherCodeCountableConnection { edges: [VoucherCodeCountableEdge!]! }
type VoucherCodeCountableEdge { node: VoucherCode! }
type VoucherCode { id: ID!, code: String, used: Int, isActive: Boolean }
type VoucherChannelListing { id: ID!, channel: Channel!, discountValue: Float!, minSpent: Money }
type VoucherCountableConnection { pageInfo: PageInfo!, edges: [VoucherCountableEdge!]! }
type VoucherCountableEdge { node: Voucher!, cursor: String! }
input VoucherFilterInput { search: String, ids: [ID!] }
enum VoucherTypeEnum { SHIPPING ENTIRE_ORDER SPECIFIC_PRODUCT }
enum DiscountValueTypeEnum { FIXED PERCENTAGE }
input VoucherInput {
  type: VoucherTypeEnum, name: String, addCodes: [String!], startDate: DateTime, endDate: DateTime
  discountValueType: DiscountValueTypeEnum, products: [ID!], variants: [ID!], categories: [ID!]
  minCheckoutItemsQuantity: Int, countries: [String!], applyOncePerOrder: Boolean
  applyOncePerCustomer: Boolean, onlyForStaff: Boolean, singleUse: Boolean, usageLimit: Int
}
input VoucherChannelListingInput {
  addChannels: [VoucherChannelListingAddInput!], removeChannels: [ID!]
}
input VoucherChannelListingAddInput {
  channelId: ID!, discountValue: PositiveDecimal, minAmountSpent: PositiveDecimal
}
type VoucherCreate { errors: [DiscountError!]!, voucher: Voucher }
type VoucherUpdate { errors: [DiscountError!]!, voucher: Voucher }
type VoucherDelete { errors: [DiscountError!]!, voucher: Voucher }
type VoucherChannelListingUpdate { errors: [DiscountError!]!, voucher: Voucher }
type DiscountError { field: String, message: String, code: DiscountErrorCode! }
enum DiscountErrorCode {
  ALREADY_EXISTS GRAPHQL_ERROR INVALID NOT_FOUND REQUIRED UNIQUE DUPLICATED_INPUT_ITEM
  VOUCHER_ALREADY_USED
}
"""
