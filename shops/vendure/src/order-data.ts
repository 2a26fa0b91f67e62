/**
 * Vendure's orders and customers in the engine's generic format.
 *
 * Amounts of items, discount and shipping are without tax and `tax` stands beside them, so that
 * `items - discount + shipping + surcharges + tax == grand`.
 */
import type { Customer, LanguageCode, Order, OrderLine, Refund } from "@vendure/core";

import { CancelledLine, heldQuantities, refundedInAll, SettledRefund } from "./cancellations";
import type { OrderVisit } from "./entities/order-visit.entity";
import { milestones, SettledPayment } from "./facts";
import { toMinor } from "./money";
import type { Fact } from "./options";
import { category, inLanguage, NAME, TITLE } from "./texts";

const SHIPPING_CANCELLED = "CANCEL_ORDER";

/** One entry of an order's history. */
export interface HistoryFacts {
  type: string;
  at: Date;
  data: any;
}

/** What an order itself does not say. */
export interface Surroundings {
  history: HistoryFacts[];
  visit: OrderVisit | null;
  language: LanguageCode;
  /** Decimals of the shop's integers in the order's currency. */
  stored: number;
  states: Record<string, Fact[]>;
  isTest: boolean;
}

/**
 * The order in the generic format. Its goods are counted as `cancellations.ts` says; to that end
 * quantities and shipping adjustments of the given entity are changed, so it must not be saved.
 */
export function orderData(order: Order, around: Surroundings): object {
  const refunds = settledRefunds(order);
  countAsHeld(order, refunds, around);
  const totals = storedTotals(order);
  const minor = (amount: number): number => toMinor(amount, order.currencyCode, around.stored);
  const { visit } = around;
  return {
    id: order.code,
    number: order.code,
    ...times(order, totals.grand, around),
    status: order.state,
    currency: order.currencyCode,
    totals: Object.fromEntries(Object.entries(totals).map(([name, sum]) => [name, minor(sum)])),
    customer: order.customer ? account(order.customer) : null,
    discount_codes: order.couponCodes.map((code) => code.slice(0, NAME)),
    lines: order.lines.map((line) => lineData(line, around.language, minor)),
    refunds: refunds.map((refund) => refundData(refund, around.history, minor)),
    shipping_address: { country: order.shippingAddress?.countryCode || null },
    client: { ip: visit?.ip || null, user_agent: visit?.userAgent || null },
    attribution: { token: visit?.token || null, code: null },
    is_test: around.isTest,
  };
}

/** When what became of the order; `total` is what is to be paid in all. */
function times(order: Order, total: number, around: Surroundings): object {
  const placedAt = order.orderPlacedAt ?? order.createdAt;
  const past = {
    state: order.state,
    placedAt,
    transitions: transitions(around.history),
    payments: settledPayments(order, around.history),
    total,
  };
  const { paid, fulfilled, delivered, cancelled } = milestones(past, around.states);
  return {
    placed_at: moment(placedAt),
    paid_at: moment(paid),
    fulfilled_at: moment(fulfilled),
    delivered_at: moment(delivered),
    cancelled_at: moment(cancelled),
  };
}

/** The customer in the generic format. */
export function customerData(customer: Customer): object {
  return { ...account(customer), created_at: moment(customer.createdAt) };
}

function account(customer: Customer): object {
  return {
    id: String(customer.id),
    email: customer.emailAddress || null,
    first_name: customer.firstName.slice(0, NAME),
    last_name: customer.lastName.slice(0, NAME),
  };
}

/**
 * Refunds that are carried out. What a modification of the order gave back is none of them: it is
 * in the order's new totals already.
 */
function settledRefunds(order: Order): Refund[] {
  const modified = new Set(order.modifications.map((one) => String(one.refund?.id)));
  return order.payments
    .flatMap((payment) => payment.refunds)
    .filter((refund) => refund.state === "Settled" && !modified.has(String(refund.id)));
}

function countAsHeld(order: Order, refunds: Refund[], around: Surroundings): void {
  const cancelled = cancelledQuantities(around.history);
  const shipping = shippingWithTax(order);
  restoreShipping(order);
  const cancelledShipping = Math.max(shippingWithTax(order) - shipping, 0);
  const lines = order.lines.map((line) => asCancelled(line, cancelled.get(String(line.id)) ?? 0));
  if ((around.states[order.state] ?? []).includes("cancelled")) {
    // Nothing is left, and the cancellation says so: the totals are those of what was undone.
    order.lines.forEach((line, place) => (line.quantity += lines[place].cancelled));
    return;
  }
  const settled = refunds.map(asSettled);
  const held = heldQuantities(lines, cancelledShipping, settled);
  for (const line of order.lines) {
    line.quantity = held.get(String(line.id)) ?? line.quantity;
  }
  if (refundedInAll(settled) < cancelledShipping) {
    // Nobody was given the shipping back, so it is simply no part of the order any more.
    order.shippingLines = [];
  }
}

function cancelledQuantities(history: HistoryFacts[]): Map<string, number> {
  const cancelled = new Map<string, number>();
  for (const { data } of history.filter((one) => one.type === "ORDER_CANCELLATION")) {
    for (const { orderLineId, quantity } of data.lines ?? []) {
      const id = String(orderLineId);
      cancelled.set(id, (cancelled.get(id) ?? 0) + quantity);
    }
  }
  return cancelled;
}

/** What the shipping costs if its cancellation is left out. */
function restoreShipping(order: Order): void {
  for (const line of order.shippingLines) {
    line.adjustments = line.adjustments.filter(
      (one) => one.adjustmentSource !== SHIPPING_CANCELLED,
    );
  }
}

function shippingWithTax(order: Order): number {
  return sum(order.shippingLines, (line) => line.discountedPriceWithTax);
}

function asCancelled(line: OrderLine, cancelled: number): CancelledLine {
  const { proratedUnitPriceWithTax, quantity } = line;
  return { id: String(line.id), quantity, cancelled, unitPrice: proratedUnitPriceWithTax };
}

function asSettled(refund: Refund): SettledRefund {
  return { total: refund.total, lines: refundLines(refund) };
}

function refundLines(refund: Refund): Array<{ id: string; quantity: number }> {
  return refund.lines.map(({ orderLineId, quantity }) => ({ id: String(orderLineId), quantity }));
}

function storedTotals(order: Order): Record<string, number> {
  const items = sum(order.lines, (line) => line.linePrice);
  const net = sum(order.lines, (line) => line.proratedLinePrice);
  const withTax = sum(order.lines, (line) => line.proratedLinePriceWithTax);
  const surcharges = sum(order.surcharges, (one) => one.price);
  const surchargesWithTax = sum(order.surcharges, (one) => one.priceWithTax);
  const shipping = sum(order.shippingLines, (line) => line.discountedPrice);
  const grand = withTax + surchargesWithTax + shippingWithTax(order);
  const tax = grand - (net + surcharges + shipping);
  return { items, discount: Math.max(items - net, 0), shipping, surcharges, tax, grand };
}

function lineData(
  line: OrderLine,
  language: LanguageCode,
  minor: (amount: number) => number,
): object {
  const variant = line.productVariant;
  return {
    id: String(line.id),
    product_id: variant.productId == null ? null : String(variant.productId),
    sku: variant.sku.slice(0, NAME),
    name: inLanguage(variant.translations, language)?.name.slice(0, TITLE) ?? null,
    category: category(variant.collections ?? [], language),
    quantity: line.quantity,
    unit_price: minor(line.unitPrice),
    total: minor(line.proratedLinePrice),
  };
}

function refundData(
  refund: Refund,
  history: HistoryFacts[],
  minor: (amount: number) => number,
): object {
  const settled = history.find(
    ({ type, data }) =>
      type === "ORDER_REFUND_TRANSITION" &&
      data.to === "Settled" &&
      String(data.refundId) === String(refund.id),
  );
  return {
    id: String(refund.id),
    amount: minor(refund.total),
    at: moment(settled?.at ?? refund.createdAt),
    lines: refundLines(refund),
  };
}

function transitions(history: HistoryFacts[]): Array<{ to: string; at: Date }> {
  const moves = history.filter((one) => one.type === "ORDER_STATE_TRANSITION");
  return moves.map(({ at, data }) => ({ to: data.to, at }));
}

function settledPayments(order: Order, history: HistoryFacts[]): SettledPayment[] {
  const settledAt = new Map(
    history
      .filter(({ type, data }) => type === "ORDER_PAYMENT_TRANSITION" && data.to === "Settled")
      .map(({ at, data }) => [String(data.paymentId), at]),
  );
  return order.payments
    .filter((payment) => payment.state === "Settled")
    .map(({ id, amount, createdAt }) => ({ amount, at: settledAt.get(String(id)) ?? createdAt }));
}

function sum<T>(things: T[], amount: (thing: T) => number): number {
  return things.reduce((total, thing) => total + amount(thing), 0);
}

function moment(at: Date | null): string | null {
  return at && at.toISOString();
}
