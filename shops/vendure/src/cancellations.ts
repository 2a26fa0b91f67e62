/**
 * Which cancelled goods still belong to the order's totals.
 *
 * Vendure takes cancelled goods out of an order's totals and records the refund beside that, each
 * by a call of its own, in either order. The engine is told one or the other: totals that shrink,
 * or totals that stay and a refund. Here goods that were refunded stay in the totals, so that the
 * two calls tell one story whichever comes first.
 */

/** A line of an order: how many pieces are left, and how many were cancelled. */
export interface CancelledLine {
  id: string;
  quantity: number;
  cancelled: number;
  /** Price of one piece as the customer paid it, with tax, as the shop stores it. */
  unitPrice: number;
}

/** A settled refund, with the pieces that it names. */
export interface SettledRefund {
  total: number;
  lines: Array<{ id: string; quantity: number }>;
}

/** The quantity that each line counts with, by the line's id. */
export function heldQuantities(
  lines: CancelledLine[],
  cancelledShipping: number,
  refunds: SettledRefund[],
): Map<string, number> {
  const worth = lines.reduce((sum, line) => sum + line.cancelled * line.unitPrice, 0);
  const isAllRefunded = refundedInAll(refunds) >= worth + cancelledShipping && refunds.length > 0;
  const named = new Map<string, number>();
  for (const { id, quantity } of refunds.flatMap((refund) => refund.lines)) {
    named.set(id, (named.get(id) ?? 0) + quantity);
  }
  return new Map(
    lines.map((line) => {
      const refunded = isAllRefunded ? line.cancelled : (named.get(line.id) ?? 0);
      return [line.id, line.quantity + Math.min(line.cancelled, refunded)];
    }),
  );
}

/** What all refunds come to, as the shop stores it. */
export function refundedInAll(refunds: SettledRefund[]): number {
  return refunds.reduce((sum, refund) => sum + refund.total, 0);
}
