import { DeepPartial, VendureEntity } from "@vendure/core";
import { Column, Entity, Index } from "typeorm";

/** Who came to buy, as far as the customer's own requests told; one row for an order. */
@Entity("wordmouth_order_visit")
export class OrderVisit extends VendureEntity {
  constructor(input?: DeepPartial<OrderVisit>) {
    super(input);
  }

  /** Primary key of the order, as text. */
  @Index({ unique: true })
  @Column({ length: 64 })
  orderKey: string;

  /** The `?wm=` with which the customer came; the first one stays. */
  @Column({ length: 2000, default: "" })
  token: string;

  @Column({ length: 64, default: "" })
  ip: string;

  @Column({ length: 500, default: "" })
  userAgent: string;
}
