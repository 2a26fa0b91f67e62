/** Orders, customers and products as the engine is told of them, read when they are sent. */
import { Inject, Injectable } from "@nestjs/common";
import { HistoryEntryType } from "@vendure/common/lib/generated-types";
import type { Type } from "@vendure/common/lib/shared-types";
import {
  Channel,
  ChannelService,
  ConfigService,
  Customer,
  ID,
  Order,
  Product,
  TransactionalConnection,
  VendureEntity,
} from "@vendure/core";
import type { FindOneOptions } from "typeorm";

import { SETTINGS } from "./constants";
import { OrderVisit } from "./entities/order-visit.entity";
import type { SnapshotKind } from "./entities/pending-snapshot.entity";
import type { Settings } from "./options";
import { customerData, HistoryFacts, orderData } from "./order-data";
import { productData } from "./product-data";

const ORDER_PARTS = [
  "customer",
  "channels",
  "lines",
  "lines.productVariant",
  "lines.productVariant.collections",
  "surcharges",
  "shippingLines",
  "payments",
  "payments.refunds",
  "payments.refunds.lines",
  "modifications",
  "modifications.refund",
];
const PRODUCT_PARTS = [
  "channels",
  "variants",
  "variants.productVariantPrices",
  "variants.collections",
];
const TOLD_HISTORY = [
  HistoryEntryType.ORDER_STATE_TRANSITION,
  HistoryEntryType.ORDER_PAYMENT_TRANSITION,
  HistoryEntryType.ORDER_REFUND_TRANSITION,
  HistoryEntryType.ORDER_CANCELLATION,
];

/** An entry of an order's history: an entity that Vendure has and does not export. */
interface HistoryEntry {
  type: HistoryEntryType;
  createdAt: Date;
  data: any;
}

@Injectable()
export class Snapshots {
  constructor(
    private readonly connection: TransactionalConnection,
    private readonly channels: ChannelService,
    private readonly config: ConfigService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * The body of a delivery about the thing as it is now; undefined if it is gone or not told, such
   * as a cart. `updated_at` is the moment of reading, taken before reading: a change that is
   * committed meanwhile is told once more, with a later moment.
   */
  async build(kind: SnapshotKind, key: string): Promise<object | undefined> {
    const readAt = new Date().toISOString();
    const data = await this[kind](key);
    return (
      data && { type: `${kind}.snapshot`, timestamp: readAt, data: { ...data, updated_at: readAt } }
    );
  }

  /** How many decimals the shop's integers have in a currency. */
  storedDigits(currency: string): number {
    const { precision } = this.config.entityOptions.moneyStrategy;
    return this.settings.storedDigits[currency] ?? precision ?? 2;
  }

  /** The channel of the store: the one that the settings name, or the default one. */
  channel(): Promise<Channel> {
    const { channelToken } = this.settings;
    return channelToken
      ? this.channels.getChannelFromToken(channelToken)
      : this.channels.getDefaultChannel();
  }

  private async order(key: string): Promise<object | undefined> {
    const order = await this.one(Order, key, ORDER_PARTS);
    const channel = await this.channel();
    const isTold = order?.orderPlacedAt && order.type !== "Seller";
    if (!isTold || !isIn(channel, order.channels)) {
      return undefined;
    }
    const visits = this.connection.rawConnection.getRepository(OrderVisit);
    return orderData(order, {
      history: await this.history(key),
      visit: await visits.findOneBy({ orderKey: key }),
      language: channel.defaultLanguageCode,
      stored: this.storedDigits(order.currencyCode),
      states: this.settings.states,
      isTest: this.settings.test,
    });
  }

  private async customer(key: string): Promise<object | undefined> {
    const customer = await this.one(Customer, key, []);
    return customer && !customer.deletedAt ? customerData(customer) : undefined;
  }

  private async product(key: string): Promise<object | undefined> {
    const product = await this.one(Product, key, PRODUCT_PARTS);
    const channel = await this.channel();
    if (!product || product.deletedAt || !isIn(channel, product.channels)) {
      return undefined;
    }
    const stored = this.storedDigits(channel.defaultCurrencyCode);
    return productData(product, channel, stored, this.settings.productUrl);
  }

  private async history(key: string): Promise<HistoryFacts[]> {
    const entries = await this.connection.rawConnection
      .getRepository<HistoryEntry>("OrderHistoryEntry")
      .createQueryBuilder("entry")
      .where("entry.orderId = :key", { key })
      .andWhere("entry.type IN (:...types)", { types: TOLD_HISTORY })
      .orderBy("entry.createdAt", "ASC")
      .getMany();
    return entries.map(({ type, createdAt, data }) => ({ type, at: createdAt, data }));
  }

  private async one<T extends VendureEntity>(
    kind: Type<T>,
    key: ID,
    relations: string[],
  ): Promise<T | undefined> {
    const found = await this.connection.rawConnection.getRepository(kind).findOne({
      where: { id: key },
      relations,
      // One query for each part: joined, they would multiply.
      relationLoadStrategy: "query",
    } as FindOneOptions<T>);
    return found ?? undefined;
  }
}

function isIn(channel: Channel, channels: Channel[]): boolean {
  return channels.some((one) => String(one.id) === String(channel.id));
}
