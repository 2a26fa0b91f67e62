/** Who came to buy an order, from the requests that the customer made. */
import { Injectable } from "@nestjs/common";
import { ID, RequestContext, TransactionalConnection } from "@vendure/core";

import { OrderVisit } from "./entities/order-visit.entity";

@Injectable()
export class Visits {
  constructor(private readonly connection: TransactionalConnection) {}

  /**
   * Keep what the customer's request tells of them with the order: the address and browser of the
   * last one, the token of the first one that had any. In the transaction of `ctx`.
   */
  async note(ctx: RequestContext, order: ID, token = ""): Promise<void> {
    const visits = this.connection.getRepository(ctx, OrderVisit);
    const orderKey = String(order);
    const visit = (await visits.findOneBy({ orderKey })) ?? new OrderVisit({ orderKey, token: "" });
    visit.token ||= token;
    visit.ip = (ctx.req?.ip ?? "").slice(0, 64);
    visit.userAgent = (ctx.req?.get("user-agent") ?? "").slice(0, 500);
    await visits.save(visit);
  }
}
