import { DeepPartial, VendureEntity } from "@vendure/core";
import { Column, Entity, Index } from "typeorm";

/** What a snapshot is of. */
export type SnapshotKind = "order" | "customer" | "product";

/**
 * The engine has not yet heard of one change of an order, customer or product. Written in the
 * transaction of the change, and only ever added to there: two checkouts never wait for one row.
 */
@Entity("wordmouth_pending_snapshot")
@Index(["kind", "key"])
@Index(["isBackfill", "dueAt"])
export class PendingSnapshot extends VendureEntity {
  constructor(input?: DeepPartial<PendingSnapshot>) {
    super(input);
  }

  @Column({ length: 16 })
  kind: SnapshotKind;

  /** Primary key of the thing, as text. */
  @Column({ length: 64 })
  key: string;

  /** Names the change, and with that the delivery that tells of it. */
  @Column({ length: 36 })
  mark: string;

  /** Not sent before this moment. */
  @Column({ type: Date })
  dueAt: Date;

  /** Who sends it at present; empty: nobody does. */
  @Column({ length: 36, default: "" })
  lease: string;

  @Column({ type: Date, nullable: true })
  leasedUntil: Date | null;

  @Column({ default: 0 })
  attempts: number;

  @Column({ length: 300, default: "" })
  lastError: string;

  /** History waits behind news. */
  @Column({ default: false })
  isBackfill: boolean;
}
