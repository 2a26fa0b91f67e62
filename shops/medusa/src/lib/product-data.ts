/** Medusa's products in the engine's generic format. */
import { NAME, TITLE, category, short } from "./texts";

/** What Medusa tells of a product, as far as it is read. */
export interface MedusaProduct {
  id: string;
  title?: string | null;
  handle?: string | null;
  status?: string | null;
  thumbnail?: string | null;
  categories?: Array<{ name?: string | null } | null> | null;
  variants?: Array<{ sku?: string | null } | null> | null;
}

/**
 * The product with its first variant's sku. Without a price: in Medusa that depends on who asks
 * from where.
 */
export function productData(
  product: MedusaProduct,
  url: (handle: string) => string | null,
): object {
  return {
    id: product.id,
    sku: short(product.variants?.find((one) => one?.sku)?.sku, NAME),
    name: short(product.title, TITLE),
    category: category(product.categories),
    url: product.handle ? url(product.handle) : null,
    image_url: product.thumbnail || null,
    is_active: product.status === "published",
  };
}
