/** What the sandbox sells: tea at 25 EUR with 20 % tax in it, sent for 5 EUR, paid afterwards. */
import type { MedusaContainer } from "@medusajs/framework/types";
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils";
import {
  createApiKeysWorkflow,
  createProductsWorkflow,
  createRegionsWorkflow,
  createSalesChannelsWorkflow,
  createShippingOptionsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  createTaxRegionsWorkflow,
  linkSalesChannelsToApiKeyWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
  updatePricePreferencesWorkflow,
} from "@medusajs/medusa/core-flows";

const TEA_PRICE = 25;
const SHIPPING_PRICE = 5;

/** What opens the shop: its two APIs, and where it sells what. */
export interface Keys {
  publishable: string;
  secret: string;
  region: string;
  product: string;
  variant: string;
  shipping: string;
  location: string;
}

/** Fill the shop, which must be empty; what opens it. */
export async function stockUp(container: MedusaContainer): Promise<Keys> {
  const { result: channels } = await createSalesChannelsWorkflow(container).run({
    input: { salesChannelsData: [{ name: "Storefront" }] },
  });
  const channel = channels[0].id;
  const keys = await openers(container, channel);
  const region = await soldIn(container);
  const { location, shipping, profile } = await sentBy(container, channel);
  const { result: products } = await createProductsWorkflow(container).run({
    input: {
      products: [
        {
          title: "Tea",
          handle: "tea",
          status: "published",
          shipping_profile_id: profile,
          sales_channels: [{ id: channel }],
          options: [{ title: "Size", values: ["100 g"] }],
          variants: [
            {
              title: "Tea, 100 g",
              sku: "TEA-9",
              manage_inventory: false,
              options: { Size: "100 g" },
              prices: [{ currency_code: "eur", amount: TEA_PRICE }],
            },
          ],
        },
      ],
    },
  });
  const [{ id: product, variants }] = products;
  return { ...keys, region, product, variant: variants[0].id, shipping, location };
}

async function openers(container: MedusaContainer, channel: string) {
  const made = { created_by: "sandbox" };
  const { result } = await createApiKeysWorkflow(container).run({
    input: {
      api_keys: [
        { title: "Storefront", type: "publishable", ...made },
        { title: "Staff", type: "secret", ...made },
      ],
    },
  });
  const [publishable, secret] = result;
  await linkSalesChannelsToApiKeyWorkflow(container).run({
    input: { id: publishable.id, add: [channel] },
  });
  return { publishable: publishable.token, secret: secret.token };
}

/** Let the shop sell in euros to Estonia, with taxes in its prices. */
async function soldIn(container: MedusaContainer): Promise<string> {
  const { result: regions } = await createRegionsWorkflow(container).run({
    input: {
      regions: [
        {
          name: "Europe",
          currency_code: "eur",
          countries: ["ee"],
          payment_providers: ["pp_system_default"],
        },
      ],
    },
  });
  await updatePricePreferencesWorkflow(container).run({
    input: {
      selector: { attribute: "currency_code", value: "eur" },
      update: { is_tax_inclusive: true },
    },
  });
  const default_tax_rate = { name: "Standard", code: "standard", rate: 20 };
  await createTaxRegionsWorkflow(container).run({
    input: [{ country_code: "ee", provider_id: "tp_system", default_tax_rate }],
  });
  return regions[0].id;
}

/** Let the shop send by post. */
async function sentBy(container: MedusaContainer, channel: string) {
  const { result: locations } = await createStockLocationsWorkflow(container).run({
    input: { locations: [{ name: "Storehouse" }] },
  });
  const location = locations[0].id;
  await linkSalesChannelsToStockLocationWorkflow(container).run({
    input: { id: location, add: [channel] },
  });
  const [set] = await container.resolve(Modules.FULFILLMENT).createFulfillmentSets([
    {
      name: "Post",
      type: "shipping",
      service_zones: [{ name: "Estonia", geo_zones: [{ type: "country", country_code: "ee" }] }],
    },
  ]);
  const link = container.resolve(ContainerRegistrationKeys.LINK);
  const stock = { [Modules.STOCK_LOCATION]: { stock_location_id: location } };
  await link.create([
    { ...stock, [Modules.FULFILLMENT]: { fulfillment_provider_id: "manual_manual" } },
    { ...stock, [Modules.FULFILLMENT]: { fulfillment_set_id: set.id } },
  ]);
  const { result: profiles } = await createShippingProfilesWorkflow(container).run({
    input: { data: [{ name: "Goods", type: "goods" }] },
  });
  const { result: options } = await createShippingOptionsWorkflow(container).run({
    input: [
      {
        name: "Post",
        price_type: "flat",
        provider_id: "manual_manual",
        service_zone_id: set.service_zones[0].id,
        shipping_profile_id: profiles[0].id,
        type: { label: "Post", description: "By post", code: "post" },
        prices: [{ currency_code: "eur", amount: SHIPPING_PRICE }],
        rules: [{ attribute: "enabled_in_store", operator: "eq", value: "true" }],
      },
    ],
  });
  return { location, shipping: options[0].id, profile: profiles[0].id };
}
