import { model } from "@medusajs/framework/utils";

/**
 * The engine has not yet heard of one change of an order, customer or product. Only ever added to
 * by what changes something: two checkouts never wait for one row.
 */
export const PendingSnapshot = model
  .define("wordmouth_pending_snapshot", {
    id: model.id({ prefix: "wmsnap" }).primaryKey(),
    /** `order`, `customer` or `product`. */
    kind: model.text(),
    /** Id of the thing. */
    key: model.text(),
    /** Names the change, and with that the delivery that tells of it. */
    mark: model.text(),
    /** Not sent before this moment. */
    due_at: model.dateTime(),
    /** Who sends it at present; empty: nobody does. */
    lease: model.text().default(""),
    leased_until: model.dateTime().nullable(),
    attempts: model.number().default(0),
    last_error: model.text().default(""),
    /** History waits behind news. */
    is_history: model.boolean().default(false),
  })
  .indexes([{ on: ["kind", "key"] }, { on: ["is_history", "due_at"] }]);
