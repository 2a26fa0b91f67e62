/**
 * What a line of an order is worth as it was ordered.
 *
 * Medusa takes goods that came back out of an order's totals, and money that was given back as
 * well, by credit lines: two calls, in either order. The engine is told one or the other: totals
 * that shrink, or totals that stay and a refund. Here all stays in, so that the two calls tell one
 * story whichever comes first: the refund decides.
 */
import { Amount, numeric } from "./money";

/** A line of an order, as far as its worth goes; amounts are whole units of the currency. */
export interface PricedLine {
  quantity: Amount;
  unit_price: Amount;
  /** Whether the price of a piece has its tax in it. */
  is_tax_inclusive?: boolean | null;
  tax_lines?: Array<{ rate: Amount } | null> | null;
  adjustments?: Array<{ amount?: Amount; is_tax_inclusive?: boolean | null } | null> | null;
}

/** What a line comes to, in whole units of the currency. */
export interface Worth {
  /** Before discounts, without tax. */
  subtotal: number;
  /** After discounts, without tax. */
  net: number;
  /** After discounts, with tax. */
  total: number;
}

/** The worth of all pieces that were ordered, also of those that came back. */
export function lineWorth(line: PricedLine): Worth {
  const rates = (line.tax_lines ?? []).map((one) => numeric(one?.rate));
  const withTax = 1 + rates.reduce((sum, rate) => sum + rate, 0) / 100;
  const price = numeric(line.unit_price) * numeric(line.quantity);
  const subtotal = line.is_tax_inclusive ? price / withTax : price;
  const discounts = (line.adjustments ?? []).map((one) =>
    one?.is_tax_inclusive ? numeric(one.amount) / withTax : numeric(one?.amount),
  );
  const net = subtotal - discounts.reduce((sum, discount) => sum + discount, 0);
  return { subtotal, net, total: net * withTax };
}
