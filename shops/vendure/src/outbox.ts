/** Pending snapshots: marked with the change, sent afterwards, until the engine took them. */
import { randomUUID } from "node:crypto";

import { Inject, Injectable } from "@nestjs/common";
import { ID, RequestContext, TransactionalConnection } from "@vendure/core";
import { In, IsNull, LessThanOrEqual, Repository } from "typeorm";

import { Answer, deliver } from "./client";
import { SETTINGS } from "./constants";
import { PendingSnapshot, SnapshotKind } from "./entities/pending-snapshot.entity";
import type { Settings } from "./options";
import { waitAfter } from "./patience";
import { Snapshots } from "./snapshots";

const LEASE_MS = 120_000;
const AT_ONCE = 500;

/** What one flush did. */
export interface Flushed {
  sent: number;
  /** How many were of things that are not told, such as carts that were never bought. */
  gone: number;
  failed: number;
  /** What the engine answered when going on made no sense; empty if nothing stopped it. */
  stoppedBy: string;
  /** Seconds that the engine asked to be left alone. */
  rest: number;
}

/** What waits: how many, the oldest one's age in seconds, and the last error. */
export interface Pending {
  count: number;
  oldest: number;
  lastError: string;
}

@Injectable()
export class Outbox {
  constructor(
    private readonly connection: TransactionalConnection,
    private readonly snapshots: Snapshots,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * Note that something changed, in the transaction of `ctx`. Does nothing while the shop is not
   * connected.
   */
  async mark(ctx: RequestContext, kind: SnapshotKind, key: ID): Promise<void> {
    if (this.settings.connected) {
      const dueAt = new Date(Date.now() + this.settings.delay * 1000);
      await this.connection.getRepository(ctx, PendingSnapshot).insert(row(kind, key, dueAt));
    }
  }

  /** Mark many things to be told, in this order, after everything new. */
  async markHistory(kind: SnapshotKind, keys: ID[]): Promise<void> {
    const now = Date.now();
    const rows = keys.map((key, place) => ({
      ...row(kind, key, new Date(now + place)),
      isBackfill: true,
    }));
    for (let start = 0; start < rows.length; start += AT_ONCE) {
      await this.rows.insert(rows.slice(start, start + AT_ONCE));
    }
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
      if (!claimed) {
        break;
      }
      await this.send(claimed, done);
    }
    return done;
  }

  /** What waits to be sent. */
  async pending(): Promise<Pending> {
    const count = await this.rows.count();
    const [oldest] = await this.rows.find({ order: { createdAt: "ASC" }, take: 1 });
    const [failed] = await this.rows.find({ order: { attempts: "DESC" }, take: 1 });
    const age = oldest ? (Date.now() - oldest.createdAt.getTime()) / 1000 : 0;
    return { count, oldest: Math.round(age), lastError: failed?.lastError ?? "" };
  }

  private get rows(): Repository<PendingSnapshot> {
    return this.connection.rawConnection.getRepository(PendingSnapshot);
  }

  /** Lease all rows of the next thing that is due; undefined: nothing is due and free. */
  private async claim(): Promise<PendingSnapshot[] | undefined> {
    for (;;) {
      const now = new Date();
      const free = [{ leasedUntil: IsNull() }, { leasedUntil: LessThanOrEqual(now) }];
      const [next] = await this.rows.find({
        where: free.map((one) => ({ ...one, dueAt: LessThanOrEqual(now) })),
        order: { isBackfill: "ASC", dueAt: "ASC", createdAt: "ASC" },
        take: 1,
      });
      if (!next) {
        return undefined;
      }
      const { kind, key } = next;
      const lease = randomUUID();
      const held = { lease, leasedUntil: new Date(now.getTime() + LEASE_MS) };
      for (const one of free) {
        await this.rows.update({ kind, key, ...one }, held);
      }
      // Whoever was quicker has them; who reads back its own lease has it alone.
      const mine = await this.rows.find({ where: { lease }, order: { createdAt: "ASC" } });
      if (mine.length) {
        return mine;
      }
    }
  }

  private async send(claimed: PendingSnapshot[], done: Flushed): Promise<void> {
    const newest = claimed[claimed.length - 1];
    const content = await this.snapshots.build(newest.kind, newest.key);
    const mine = { id: In(claimed.map((one) => one.id)) };
    if (!content) {
      done.gone += 1;
      await this.rows.delete(mine);
      return;
    }
    const answer = await deliver(this.settings, `msg_${newest.mark}`, content);
    if (answer.accepted) {
      done.sent += 1;
      await this.rows.delete(mine);
      return;
    }
    done.failed += 1;
    done.stoppedBy = answer.engineTrouble ? answer.text : "";
    done.rest = answer.rest;
    await this.rows.update(mine, putOff(claimed, answer));
  }
}

function row(kind: SnapshotKind, key: ID, dueAt: Date): Partial<PendingSnapshot> {
  return { kind, key: String(key), mark: randomUUID(), dueAt };
}

function putOff(claimed: PendingSnapshot[], answer: Answer): Partial<PendingSnapshot> {
  const attempts = Math.max(...claimed.map((one) => one.attempts));
  return {
    lease: "",
    leasedUntil: null,
    attempts: attempts + 1,
    lastError: answer.text,
    dueAt: new Date(Date.now() + Math.max(waitAfter(attempts), answer.rest) * 1000),
  };
}
