/** Orders, customers and products as the engine is told of them, read when they are sent. */
import type { Settings } from "./options";
import { customerData, MedusaCustomer, MedusaOrder, orderData } from "./order-data";
import { MedusaProduct, productData } from "./product-data";

export const KINDS = ["order", "customer", "product"] as const;
/** What a snapshot is of. */
export type SnapshotKind = (typeof KINDS)[number];

/** Medusa's way to read across its modules. */
export interface Query {
  graph(question: {
    entity: string;
    fields: string[];
    filters?: Record<string, unknown>;
    pagination?: { skip: number; take: number; order: Record<string, "ASC" | "DESC"> };
  }): Promise<{ data: unknown[] }>;
}

const FIELDS: Record<SnapshotKind, string[]> = {
  order: [
    ...["id", "display_id", "custom_display_id", "status", "created_at", "canceled_at", "email"],
    ...["currency_code", "metadata", "sales_channel_id", "is_draft_order"],
    ...["customer.*", "items.*", "items.detail.*", "items.adjustments.*", "items.tax_lines.*"],
    ...["items.product.categories.name", "credit_lines.*"],
    ...["shipping_methods.*", "shipping_methods.adjustments.*", "shipping_methods.tax_lines.*"],
    ...["shipping_address.*", "promotions.code", "payment_collections.payments.captures.*"],
    ...["payment_collections.payments.refunds.*", "fulfillments.*"],
  ],
  customer: ["id", "email", "first_name", "last_name", "created_at"],
  product: ["id", "title", "handle", "status", "thumbnail", "categories.name", "variants.sku"],
};

interface Told extends MedusaOrder {
  sales_channel_id?: string | null;
  is_draft_order?: boolean | null;
}

export class Snapshots {
  constructor(
    private readonly query: Query,
    private readonly settings: Settings,
  ) {}

  /**
   * The body of a delivery about the thing as it is now; undefined if it is gone or not told, such
   * as a draft. `updated_at` is the moment of reading, taken before reading: a change that is
   * committed meanwhile is told once more, with a later moment.
   */
  async build(kind: SnapshotKind, key: string): Promise<object | undefined> {
    const readAt = new Date().toISOString();
    const question = { entity: kind, fields: FIELDS[kind], filters: { id: key } };
    const [found] = (await this.query.graph(question)).data;
    const data = found ? this.tell(kind, found) : undefined;
    return (
      data && { type: `${kind}.snapshot`, timestamp: readAt, data: { ...data, updated_at: readAt } }
    );
  }

  private tell(kind: SnapshotKind, found: unknown): object | undefined {
    switch (kind) {
      case "order": {
        const order = found as Told;
        const { salesChannelId, test } = this.settings;
        const isElsewhere = salesChannelId !== "" && order.sales_channel_id !== salesChannelId;
        return order.is_draft_order || isElsewhere ? undefined : orderData(order, test);
      }
      case "customer":
        return customerData(found as MedusaCustomer);
      case "product":
        return productData(found as MedusaProduct, (handle) => this.settings.productUrl(handle));
    }
  }
}
