/** Vendure's products in the engine's generic format. */
import type { Channel, Product } from "@vendure/core";

import { toMinor } from "./money";
import { category, inLanguage, NAME, TITLE } from "./texts";

/**
 * The product with its first variant's sku and its lowest price in the channel; `stored` are the
 * decimals of the shop's integers in the channel's currency.
 */
export function productData(
  product: Product,
  channel: Channel,
  stored: number,
  url: (slug: string) => string | null,
): object {
  const currency = channel.defaultCurrencyCode;
  const sold = product.variants.filter((variant) => !variant.deletedAt);
  const prices = sold
    .flatMap((variant) => variant.productVariantPrices)
    .filter((one) => String(one.channelId) === String(channel.id) && one.currencyCode === currency);
  const lowest = Math.min(...prices.map((one) => one.price));
  const words = inLanguage(product.translations, channel.defaultLanguageCode);
  const [first] = sold;
  return {
    id: String(product.id),
    sku: first?.sku.slice(0, NAME) ?? "",
    name: words?.name.slice(0, TITLE) ?? "",
    category: category(first?.collections ?? [], channel.defaultLanguageCode),
    currency,
    price: prices.length ? toMinor(lowest, currency, stored) : null,
    url: words ? url(words.slug) : null,
    is_active: product.enabled,
  };
}
