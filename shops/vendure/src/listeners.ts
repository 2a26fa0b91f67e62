/**
 * Notes every change of an order, customer or product in the transaction of the change itself:
 * Vendure waits for a blocking handler before it goes on, so that the two are committed together.
 */
import { Injectable, OnApplicationBootstrap } from "@nestjs/common";
import type { Type } from "@vendure/common/lib/shared-types";
import {
  CustomerEvent,
  EventBus,
  ID,
  OrderEvent,
  OrderLineEvent,
  OrderPlacedEvent,
  OrderStateTransitionEvent,
  PaymentStateTransitionEvent,
  ProductEvent,
  ProductVariantEvent,
  RefundEvent,
  RefundStateTransitionEvent,
  RequestContext,
  VendureEvent,
} from "@vendure/core";

import { Outbox } from "./outbox";
import { Visits } from "./visits";

type OrderChange = VendureEvent & { ctx: RequestContext; order: Placed };

const ORDER_EVENTS: Array<Type<OrderChange>> = [
  OrderPlacedEvent,
  OrderEvent,
  OrderLineEvent,
  PaymentStateTransitionEvent,
  RefundEvent,
  RefundStateTransitionEvent,
];

@Injectable()
export class Listeners implements OnApplicationBootstrap {
  constructor(
    private readonly events: EventBus,
    private readonly outbox: Outbox,
    private readonly visits: Visits,
  ) {}

  onApplicationBootstrap(): void {
    for (const event of ORDER_EVENTS) {
      this.events.registerBlockingEventHandler({
        id: `wordmouth-order-${event.name}`,
        event,
        handler: ({ ctx, order }) => this.changed(ctx, order),
      });
    }
    this.events.registerBlockingEventHandler({
      id: "wordmouth-order-state",
      event: OrderStateTransitionEvent,
      handler: async ({ ctx, order, toState }) => {
        // The customer's own request: the one that pays may be made by a payment service.
        if (toState === "ArrangingPayment" && ctx.apiType === "shop") {
          await this.visits.note(ctx, order.id);
        }
        await this.changed(ctx, order);
      },
    });
    this.listenToOthers();
  }

  private listenToOthers(): void {
    this.events.registerBlockingEventHandler({
      id: "wordmouth-customer",
      event: CustomerEvent,
      handler: ({ ctx, entity }) => this.outbox.mark(ctx, "customer", entity.id),
    });
    this.events.registerBlockingEventHandler({
      id: "wordmouth-product",
      event: ProductEvent,
      handler: ({ ctx, entity }) => this.outbox.mark(ctx, "product", entity.id),
    });
    this.events.registerBlockingEventHandler({
      id: "wordmouth-product-variant",
      event: ProductVariantEvent,
      handler: async ({ ctx, entity }) => {
        for (const product of new Set(entity.map((variant) => variant.productId))) {
          await this.outbox.mark(ctx, "product", product);
        }
      },
    });
  }

  /** A cart is nobody's business but the shop's. */
  private async changed(ctx: RequestContext, order: Placed): Promise<void> {
    if (order.orderPlacedAt) {
      await this.outbox.mark(ctx, "order", order.id);
    }
  }
}

interface Placed {
  id: ID;
  orderPlacedAt?: Date;
}
