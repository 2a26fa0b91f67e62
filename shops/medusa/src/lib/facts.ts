/** What an order's payments and parcels say about it: when it was paid, sent, received, undone. */

/** Money that was taken, in whole units of the currency, and when. */
export interface Capture {
  amount: number;
  at: Date;
}

/** A line of an order: how many pieces it has, and how many of them are on their way or there. */
export interface LineProgress {
  quantity: number;
  sent: number;
  delivered: number;
}

/** A parcel that was not cancelled. */
export interface Parcel {
  sentAt: Date | null;
  deliveredAt: Date | null;
}

/** What is known of an order when its milestones are looked for. */
export interface Past {
  placedAt: Date;
  isCancelled: boolean;
  cancelledAt: Date | null;
  /** What is to be paid in all, in whole units of the currency. */
  total: number;
  captures: Capture[];
  lines: LineProgress[];
  fulfilments: Parcel[];
}

/** When each thing happened; null: it did not. */
export type Milestones = Record<"paid" | "fulfilled" | "delivered" | "cancelled", Date | null>;

/**
 * The milestones of an order. It is fulfilled once every piece was sent, and delivered once every
 * piece has arrived: then with the last parcel. What arrived was sent, whether or not anybody noted
 * that.
 */
export function milestones(past: Past): Milestones {
  const { placedAt, lines, fulfilments } = past;
  const isDelivered = reached(lines, (line) => line.delivered);
  const isSent = reached(lines, (line) => Math.max(line.sent, line.delivered));
  const sent = fulfilments.map((one) => one.sentAt ?? one.deliveredAt);
  const delivered = fulfilments.map((one) => one.deliveredAt);
  return {
    paid: coveredAt(past.captures, past.total, placedAt),
    fulfilled: isSent ? (latest(sent) ?? placedAt) : null,
    delivered: isDelivered ? (latest(delivered) ?? latest(sent) ?? placedAt) : null,
    cancelled: past.isCancelled ? (past.cancelledAt ?? placedAt) : null,
  };
}

/**
 * When the money that was taken, in that order, came to the total; null: never. An order that costs
 * nothing is paid when it is placed.
 */
export function coveredAt(captures: Capture[], total: number, placedAt: Date): Date | null {
  if (total <= 0) {
    return placedAt;
  }
  let sum = 0;
  const inOrder = [...captures].sort((one, other) => one.at.getTime() - other.at.getTime());
  for (const capture of inOrder) {
    sum += capture.amount;
    // Binary fractions: 0.1 + 0.2 covers 0.3.
    if (sum >= total - 1e-6) {
      return capture.at;
    }
  }
  return null;
}

function reached(lines: LineProgress[], pieces: (line: LineProgress) => number): boolean {
  const left = lines.filter((line) => line.quantity > 0);
  return left.length > 0 && left.every((line) => pieces(line) >= line.quantity);
}

function latest(moments: Array<Date | null>): Date | null {
  const times = moments.filter((one) => one !== null).map((one) => one.getTime());
  return times.length ? new Date(Math.max(...times)) : null;
}
