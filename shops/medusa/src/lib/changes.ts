/**
 * Which orders, customers and products changed: from Medusa's events, and, since an event is lost
 * where a process dies between a change and its telling, from the times of the things themselves.
 */
import type { Query, SnapshotKind } from "./snapshots";

const PAGE = 200;
const OVERLAP_MS = 60_000;

/** How the changes of one kind of thing are found, and what they change for the engine. */
export interface Source {
  entity: string;
  kind: SnapshotKind;
  /** The ids of the orders that are told, from the things that changed; else the things' own. */
  orders?: (query: Query, found: Found[]) => Promise<string[]>;
}

/** A thing that changed. */
export interface Found {
  id: string;
  payment_collection_id?: string | null;
  payment?: { payment_collection_id?: string | null } | null;
}

/** Where changes are looked for; customers before the orders that they placed. */
export const SOURCES: Record<string, Source & { fields: string[] }> = {
  product: { entity: "product", kind: "product", fields: ["id"] },
  customer: { entity: "customer", kind: "customer", fields: ["id"] },
  order: { entity: "order", kind: "order", fields: ["id"] },
  payment: {
    entity: "payment",
    kind: "order",
    fields: ["id", "payment_collection_id"],
    orders: ofPayments,
  },
  refund: {
    entity: "refund",
    kind: "order",
    fields: ["id", "payment.payment_collection_id"],
    orders: ofPayments,
  },
  fulfillment: { entity: "fulfillment", kind: "order", fields: ["id"], orders: ofFulfilments },
};

/** The ids of the orders that a payment belongs to. */
export async function ordersOfPayment(query: Query, payment: string): Promise<string[]> {
  const { entity, fields } = SOURCES.payment;
  const { data } = await query.graph({ entity, fields, filters: { id: payment } });
  return ofPayments(query, data as Found[]);
}

/** The ids of the orders that a parcel belongs to. */
export function ordersOfFulfilment(query: Query, fulfilment: string): Promise<string[]> {
  return ofFulfilments(query, [{ id: fulfilment }]);
}

/** From when on is looked for what changed: a little before what was looked through. */
export function windowStart(seenUntil: Date | undefined): Date {
  return new Date(Math.max((seenUntil?.getTime() ?? 0) - OVERLAP_MS, 0));
}

/** What a source changed for the engine since then, in pages; the same thing may come again. */
export async function* changedSince(
  query: Query,
  source: Source & { fields: string[] },
  since: Date,
): AsyncGenerator<string[]> {
  for (let skip = 0; ; skip += PAGE) {
    const { data } = await query.graph({
      entity: source.entity,
      fields: source.fields,
      filters: { updated_at: { $gte: since } },
      pagination: { skip, take: PAGE, order: { id: "ASC" } },
    });
    const found = data as Found[];
    yield source.orders ? await source.orders(query, found) : found.map((one) => one.id);
    if (found.length < PAGE) {
      return;
    }
  }
}

async function ofPayments(query: Query, found: Found[]): Promise<string[]> {
  const named = found.map((one) => one.payment_collection_id ?? one.payment?.payment_collection_id);
  return linked(query, "order_payment_collection", "payment_collection_id", named);
}

async function ofFulfilments(query: Query, found: Found[]): Promise<string[]> {
  const ids = found.map((one) => one.id);
  return linked(query, "order_fulfillment", "fulfillment_id", ids);
}

async function linked(
  query: Query,
  entity: string,
  by: string,
  keys: Array<string | null | undefined>,
): Promise<string[]> {
  const given = [...new Set(keys.filter(Boolean))];
  if (!given.length) {
    return [];
  }
  const fields = ["order_id"];
  const { data } = await query.graph({ entity, fields, filters: { [by]: given } });
  return [...new Set((data as Array<{ order_id: string }>).map((one) => one.order_id))];
}
