/** Pending snapshots: marked with the change, sent afterwards, until the engine took them. */
import { randomUUID } from "node:crypto";

import type { Knex } from "@medusajs/framework/mikro-orm/knex";

import { Answer, deliver } from "./client";
import type { Settings } from "./options";
import { waitAfter } from "./patience";
import type { SnapshotKind, Snapshots } from "./snapshots";

const TABLE = "wordmouth_pending_snapshot";
const LEASE_MS = 120_000;
const AT_ONCE = 500;

/** What one flush did. */
export interface Flushed {
  sent: number;
  /** How many were of things that are not told, such as drafts. */
  gone: number;
  failed: number;
  /** What the engine answered when going on made no sense; empty if nothing stopped it. */
  stoppedBy: string;
  /** Seconds that the engine asked to be left alone. */
  rest: number;
}

interface Row {
  id: string;
  kind: SnapshotKind;
  key: string;
  mark: string;
  attempts: number;
}

export class Outbox {
  constructor(
    private readonly database: Knex,
    private readonly snapshots: Snapshots,
    private readonly settings: Settings,
  ) {}

  /** Note that things changed. Does nothing while the shop is not connected. */
  async mark(kind: SnapshotKind, keys: string[]): Promise<void> {
    await this.add(kind, keys, this.settings.delay * 1000, false);
  }

  /** Mark things to be told, in this order, after everything new. */
  async markHistory(kind: SnapshotKind, keys: string[]): Promise<void> {
    await this.add(kind, keys, 0, true);
  }

  /**
   * Send everything that is due, news first and then the oldest; safe to run in several processes
   * at once. Stops at the first answer that shows that the engine is not available.
   */
  async flush(): Promise<Flushed> {
    const done: Flushed = { sent: 0, gone: 0, failed: 0, stoppedBy: "", rest: 0 };
    if (!this.settings.connected) {
      return { ...done, stoppedBy: "not connected: url, storeId or secret is missing" };
    }
    while (!done.stoppedBy) {
      const claimed = await this.claim();
      if (!claimed.length) {
        break;
      }
      await this.send(claimed, done);
    }
    return done;
  }

  private async add(
    kind: SnapshotKind,
    keys: string[],
    delayMs: number,
    isHistory: boolean,
  ): Promise<void> {
    if (!this.settings.connected) {
      return;
    }
    const now = Date.now();
    const rows = keys.map((key, place) => ({
      id: `wmsnap_${randomUUID()}`,
      kind,
      key,
      mark: randomUUID(),
      due_at: new Date(now + delayMs + (isHistory ? place : 0)),
      is_history: isHistory,
    }));
    for (let start = 0; start < rows.length; start += AT_ONCE) {
      await this.database(TABLE).insert(rows.slice(start, start + AT_ONCE));
    }
  }

  /** Lease all rows of the next thing that is due, oldest first; none: nothing is due and free. */
  private async claim(): Promise<Row[]> {
    for (;;) {
      const now = new Date();
      const next: Row | undefined = await this.free(now)
        .where("due_at", "<=", now)
        .orderBy(["is_history", "due_at", "created_at"])
        .first();
      if (!next) {
        return [];
      }
      const held = { lease: randomUUID(), leased_until: new Date(now.getTime() + LEASE_MS) };
      // Whoever is quicker has them: what is leased meanwhile is not free any more.
      const mine: Row[] = await this.free(now)
        .where({ kind: next.kind, key: next.key })
        .update(held)
        .returning(["id", "kind", "key", "mark", "attempts", "created_at"]);
      if (mine.length) {
        return mine;
      }
    }
  }

  private free(now: Date): Knex.QueryBuilder {
    return this.database(TABLE).where((row) =>
      row.whereNull("leased_until").orWhere("leased_until", "<=", now),
    );
  }

  private async send(claimed: Row[], done: Flushed): Promise<void> {
    const [{ kind, key, mark }] = claimed;
    const content = await this.snapshots.build(kind, key);
    const mine = this.database(TABLE).whereIn(
      "id",
      claimed.map((one) => one.id),
    );
    if (!content) {
      done.gone += 1;
      await mine.delete();
      return;
    }
    const answer = await deliver(this.settings, `msg_${mark}`, content);
    if (answer.accepted) {
      done.sent += 1;
      await mine.delete();
      return;
    }
    done.failed += 1;
    done.stoppedBy = answer.engineTrouble ? answer.text : "";
    done.rest = answer.rest;
    await mine.update(putOff(claimed, answer));
  }
}

function putOff(claimed: Row[], answer: Answer): object {
  const attempts = Math.max(...claimed.map((one) => one.attempts));
  return {
    lease: "",
    leased_until: null,
    attempts: attempts + 1,
    last_error: answer.text,
    due_at: new Date(Date.now() + Math.max(waitAfter(attempts), answer.rest) * 1000),
  };
}
