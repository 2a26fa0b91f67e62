/** What an order's history and payments say about it: when it was paid, sent, received, undone. */
import type { Fact } from "./options";

/** The order came into a state. */
export interface Transition {
  to: string;
  at: Date;
}

/** A payment as far as it counts: its amount as the shop stores it, and when it was settled. */
export interface SettledPayment {
  amount: number;
  at: Date;
}

/** When each thing happened; null: it did not. */
export type Milestones = Record<Fact, Date | null>;

/** What is known of an order when its milestones are looked for. */
export interface Past {
  state: string;
  placedAt: Date;
  transitions: Transition[];
  payments: SettledPayment[];
  /** What is to be paid in all, as the shop stores it. */
  total: number;
}

/**
 * The milestones of an order. Paid, fulfilled and delivered stay once they were reached, also while
 * the order is modified; cancelled is only what is cancelled now. An order is paid as well when its
 * settled payments cover it, whatever its state: goods may be sent before they are paid.
 */
export function milestones(past: Past, states: Record<string, Fact[]>): Milestones {
  const reached = (fact: Fact): Date | null => firstProof(past, states, fact);
  const isCancelled = (states[past.state] ?? []).includes("cancelled");
  return {
    paid: earlier(reached("paid"), coveredAt(past.payments, past.total)),
    fulfilled: reached("fulfilled"),
    delivered: reached("delivered"),
    cancelled: isCancelled ? lastInto(past) : null,
  };
}

/** When the payments, in the order in which they were settled, came to the total; null: never. */
export function coveredAt(payments: SettledPayment[], total: number): Date | null {
  let sum = 0;
  const inOrder = [...payments].sort((one, other) => one.at.getTime() - other.at.getTime());
  for (const payment of inOrder) {
    sum += payment.amount;
    if (sum >= total) {
      return payment.at;
    }
  }
  return null;
}

function firstProof(past: Past, states: Record<string, Fact[]>, fact: Fact): Date | null {
  const proofs = past.transitions.filter((one) => (states[one.to] ?? []).includes(fact));
  if (proofs.length) {
    return new Date(Math.min(...proofs.map((one) => one.at.getTime())));
  }
  // Orders that were imported have a state without a history.
  return (states[past.state] ?? []).includes(fact) ? past.placedAt : null;
}

function lastInto(past: Past): Date {
  const into = past.transitions.filter((one) => one.to === past.state);
  const times = into.map((one) => one.at.getTime());
  return times.length ? new Date(Math.max(...times)) : past.placedAt;
}

function earlier(one: Date | null, other: Date | null): Date | null {
  return one && other ? (one < other ? one : other) : (one ?? other);
}
