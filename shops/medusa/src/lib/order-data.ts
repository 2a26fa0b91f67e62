/**
 * Medusa's orders in the engine's generic format.
 *
 * Amounts of items, discount and shipping are without tax and `tax` stands beside them, so that
 * `items - discount + shipping + tax == grand`.
 */
import { LineProgress, milestones } from "./facts";
import { lineWorth, PricedLine, Worth } from "./line-worth";
import { Amount, numeric, toMinor } from "./money";
import { VISIT } from "./names";
import { NAME, TITLE, category, short } from "./texts";

type Moment = Date | string | null | undefined;

/** What Medusa tells of an order, as far as it is read; amounts are whole units of the currency. */
export interface MedusaOrder {
  id: string;
  display_id?: number | null;
  custom_display_id?: string | null;
  status: string;
  created_at: Moment;
  canceled_at?: Moment;
  currency_code: string;
  email?: string | null;
  metadata?: Record<string, unknown> | null;
  credit_lines?: Array<Movement | null> | null;
  customer?: MedusaCustomer | null;
  items?: MedusaLine[] | null;
  shipping_methods?: Array<MedusaShipping | null> | null;
  shipping_address?: Receiver | null;
  promotions?: Array<{ code?: string | null } | null> | null;
  payment_collections?: Array<{ payments?: MedusaPayment[] | null } | null> | null;
  fulfillments?: MedusaFulfillment[] | null;
}

export interface MedusaCustomer {
  id: string;
  email?: string | null;
  first_name?: string | null;
  last_name?: string | null;
  has_account?: boolean;
  created_at?: Moment;
}

/** Who gets the goods: of a guest, the only one who is named. */
export interface Receiver {
  first_name?: string | null;
  last_name?: string | null;
  country_code?: string | null;
}

export interface MedusaLine extends PricedLine {
  id: string;
  product_id?: string | null;
  variant_sku?: string | null;
  product_title?: string | null;
  title?: string | null;
  is_giftcard?: boolean | null;
  requires_shipping?: boolean | null;
  adjustments?: Array<Adjustment | null> | null;
  product?: { categories?: Array<{ name?: string | null } | null> | null } | null;
  detail?: Record<string, Amount> | null;
}

export interface MedusaPayment {
  captures?: Array<Movement | null> | null;
  refunds?: Array<(Movement & { id: string }) | null> | null;
}

export interface MedusaFulfillment {
  shipped_at?: Moment;
  delivered_at?: Moment;
  canceled_at?: Moment;
}

interface Movement {
  amount: Amount;
  created_at: Moment;
}

/** A way to send, with what it costs. */
export interface MedusaShipping {
  amount: Amount;
  is_tax_inclusive?: boolean | null;
  tax_lines?: PricedLine["tax_lines"];
  adjustments?: Array<Adjustment | null> | null;
}

interface Adjustment {
  code?: string | null;
  amount?: Amount;
  is_tax_inclusive?: boolean | null;
}

/** Who came to buy, as far as the storefront told. */
export interface Visit {
  token: string;
  ip: string;
  user_agent: string;
}

/** The order in the generic format; `isTest` marks it as one that is not real. */
export function orderData(order: MedusaOrder, isTest: boolean): object {
  const currency = order.currency_code.toUpperCase();
  const minor = (amount: number): number => toMinor(amount, currency);
  const lines = order.items ?? [];
  const visit = visitOf(order.metadata);
  return {
    id: order.id,
    number: order.custom_display_id || (order.display_id ? String(order.display_id) : order.id),
    ...times(order),
    status: order.status,
    currency,
    totals: totals(order, minor),
    customer: buyer(order),
    discount_codes: codes(order),
    lines: lines.map((line) => lineData(line, minor)),
    refunds: payments(order).flatMap((payment) => refunds(payment, minor)),
    shipping_address: { country: order.shipping_address?.country_code?.toUpperCase() || null },
    client: { ip: visit.ip || null, user_agent: visit.user_agent || null },
    attribution: { token: visit.token || null, code: null },
    is_test: isTest,
  };
}

/** The customer in the generic format. */
export function customerData(customer: MedusaCustomer): object {
  return {
    id: customer.id,
    email: customer.email || null,
    first_name: short(customer.first_name, NAME),
    last_name: short(customer.last_name, NAME),
    created_at: moment(customer.created_at),
  };
}

/** Who came to buy, from the metadata of a cart or an order; texts that are not there are empty. */
export function visitOf(metadata: Record<string, unknown> | null | undefined): Visit {
  const kept = (metadata?.[VISIT] ?? {}) as Partial<Record<keyof Visit, unknown>>;
  const text = (given: unknown): string => (typeof given === "string" ? given : "");
  return { token: text(kept.token), ip: text(kept.ip), user_agent: text(kept.user_agent) };
}

/**
 * The customer of an order, with the e-mail address that was given for it, where their own has
 * changed since, and with a name: of a guest Medusa knows only to whom the goods were sent.
 */
export function named(order: {
  email?: string | null;
  customer?: MedusaCustomer | null;
  shipping_address?: Receiver | null;
}): MedusaCustomer | null {
  const { customer, email, shipping_address: receiver } = order;
  if (!customer) {
    return null;
  }
  const person = customer.first_name || customer.last_name ? customer : receiver;
  const { first_name, last_name } = person ?? {};
  return { ...customer, first_name, last_name, email: email || customer.email };
}

function times(order: MedusaOrder): object {
  const captures = payments(order).flatMap((payment) => present(payment.captures));
  const { paid, fulfilled, delivered, cancelled } = milestones({
    placedAt: date(order.created_at) ?? new Date(0),
    isCancelled: order.status === "canceled",
    cancelledAt: date(order.canceled_at),
    total: orderedTotal(order) - credit(order),
    captures: captures.map((one) => ({
      amount: numeric(one.amount),
      at: date(one.created_at) ?? new Date(0),
    })),
    lines: (order.items ?? []).map(progress),
    fulfilments: present(order.fulfillments)
      .filter((one) => !one.canceled_at)
      .map((one) => ({ sentAt: date(one.shipped_at), deliveredAt: date(one.delivered_at) })),
  });
  return {
    placed_at: moment(order.created_at),
    paid_at: moment(paid),
    fulfilled_at: moment(fulfilled),
    delivered_at: moment(delivered),
    cancelled_at: moment(cancelled),
  };
}

/**
 * How far the pieces of a line have come. What is not sent, such as a licence, is there once it is
 * made ready.
 */
function progress({ quantity, detail, requires_shipping }: MedusaLine): LineProgress {
  const ready = requires_shipping === false ? detail?.fulfilled_quantity : undefined;
  return {
    quantity: numeric(quantity),
    sent: numeric(ready ?? detail?.shipped_quantity),
    delivered: numeric(ready ?? detail?.delivered_quantity),
  };
}

/** The totals with goods that came back still in them, as `line-worth.ts` says. */
function totals(order: MedusaOrder, minor: (amount: number) => number): Record<string, number> {
  const worth = (order.items ?? []).map(lineWorth);
  const items = sum(worth.map((one) => one.subtotal));
  const net = sum(worth.map((one) => one.net));
  const shipping = sum(shippingWorth(order).map((one) => one.net));
  const grand = orderedTotal(order);
  return {
    items: minor(items),
    discount: minor(Math.max(items - net, 0)),
    shipping: minor(shipping),
    tax: minor(Math.max(grand - net - shipping, 0)),
    grand: minor(grand),
    gift_card: minor(credit(order)),
  };
}

/** Goods and shipping with tax: not Medusa's total, which refunds and returns take away from. */
function orderedTotal(order: MedusaOrder): number {
  const worth = [...(order.items ?? []).map(lineWorth), ...shippingWorth(order)];
  return sum(worth.map((one) => one.total));
}

/**
 * The part of the total that was paid with the shop's own credit. A refund writes credit lines as
 * well, right after itself, and nothing else tells the two apart.
 */
function credit(order: MedusaOrder): number {
  const refunded = payments(order).flatMap((payment) => present(payment.refunds));
  const times = refunded.map((one) => date(one.created_at)?.getTime() ?? 0);
  const first = Math.min(...times, Infinity);
  const own = present(order.credit_lines).filter(
    (line) => (date(line.created_at)?.getTime() ?? 0) < first,
  );
  return sum(own.map((line) => numeric(line.amount)));
}

function buyer(order: MedusaOrder): object | null {
  const customer = named(order);
  return customer ? customerData(customer) : order.email ? { email: order.email } : null;
}

/** Every code that the order was placed with, and every one that took something off. */
function codes(order: MedusaOrder): string[] {
  const discounts = [
    ...(order.items ?? []).flatMap((line) => present(line.adjustments)),
    ...present(order.shipping_methods).flatMap((method) => present(method.adjustments)),
  ];
  const named = [...present(order.promotions), ...discounts].map((one) => one.code);
  return [...new Set(named.filter((code): code is string => Boolean(code)))].map((code) =>
    code.slice(0, NAME),
  );
}

function lineData(line: MedusaLine, minor: (amount: number) => number): object {
  return {
    id: line.id,
    product_id: line.product_id ?? null,
    sku: short(line.variant_sku, NAME),
    name: short(line.product_title || line.title, TITLE),
    category: category(line.product?.categories),
    quantity: numeric(line.quantity),
    unit_price: minor(numeric(line.unit_price)),
    total: minor(lineWorth(line).net),
    gift_card: Boolean(line.is_giftcard),
  };
}

function refunds(payment: MedusaPayment, minor: (amount: number) => number): object[] {
  return present(payment.refunds).map(({ id, amount, created_at }) => ({
    id,
    amount: minor(numeric(amount)),
    at: moment(created_at),
  }));
}

function payments(order: MedusaOrder): MedusaPayment[] {
  return present(order.payment_collections).flatMap((one) => present(one.payments));
}

function shippingWorth(order: MedusaOrder): Worth[] {
  return present(order.shipping_methods).map((method) =>
    lineWorth({ ...method, quantity: 1, unit_price: method.amount }),
  );
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function present<T>(list: Array<T | null> | null | undefined): T[] {
  return (list ?? []).filter((one): one is T => one !== null && one !== undefined);
}

function date(at: Moment): Date | null {
  return at ? new Date(at) : null;
}

function moment(at: Moment): string | null {
  return date(at)?.toISOString() ?? null;
}
