/** Looks through what changed: all of the past at first, then whatever an event was lost of. */
import type { Knex } from "@medusajs/framework/mikro-orm/knex";

import { changedSince, SOURCES, windowStart } from "./changes";
import type { Outbox } from "./outbox";
import type { Query } from "./snapshots";

const TABLE = "wordmouth_feed";

/**
 * Mark what changed since it was looked for last. How far was looked is kept only when a source is
 * through: interrupted, it is looked through again, and what is told twice counts once.
 */
export async function catchUp(database: Knex, query: Query, outbox: Outbox): Promise<void> {
  for (const [id, source] of Object.entries(SOURCES)) {
    const now = new Date();
    const feed: { seen_until: Date } | undefined = await database(TABLE).where({ id }).first();
    for await (const keys of changedSince(query, source, windowStart(feed?.seen_until))) {
      await outbox.markHistory(source.kind, keys);
    }
    await database(TABLE).insert({ id, seen_until: now }).onConflict("id").merge(["seen_until"]);
  }
}
