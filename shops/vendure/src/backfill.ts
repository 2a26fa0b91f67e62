/** The past: what the shop had before, to be told behind everything new. */
import { Injectable } from "@nestjs/common";
import { Customer, ID, Order, Product, TransactionalConnection } from "@vendure/core";
import { IsNull, LessThan, MoreThanOrEqual } from "typeorm";

import type { SnapshotKind } from "./entities/pending-snapshot.entity";
import { Outbox } from "./outbox";

/** How many of each kind were marked. */
export type Marked = Record<SnapshotKind, number>;

@Injectable()
export class Backfill {
  constructor(
    private readonly connection: TransactionalConnection,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Mark products, customers, and orders that were placed since then (default: all), oldest first.
   * They are sent by the shop's processes; marking them again does no harm.
   */
  async run(since = new Date(0)): Promise<Marked> {
    // What is placed from now on tells of itself.
    const now = new Date();
    const customers = await this.connection.rawConnection.getRepository(Customer).find({
      select: { id: true },
      where: { deletedAt: IsNull(), createdAt: LessThan(now) },
      order: { createdAt: "ASC" },
    });
    const orders = await this.connection.rawConnection.getRepository(Order).find({
      select: { id: true, orderPlacedAt: true },
      where: { orderPlacedAt: MoreThanOrEqual(since) },
      order: { orderPlacedAt: "ASC" },
      loadEagerRelations: false,
    });
    const products = await this.connection.rawConnection.getRepository(Product).find({
      select: { id: true },
      where: { deletedAt: IsNull() },
      order: { createdAt: "ASC" },
      loadEagerRelations: false,
    });
    await this.outbox.markHistory("product", keys(products));
    await this.outbox.markHistory("customer", keys(customers));
    await this.outbox.markHistory("order", keys(orders));
    return { product: products.length, customer: customers.length, order: orders.length };
  }
}

function keys(found: Array<{ id: ID }>): ID[] {
  return found.map((one) => one.id);
}
