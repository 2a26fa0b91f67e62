/** What the sandbox sells: tea at 25 EUR, sent for 5 EUR, paid at once or after delivery. */
import type { INestApplicationContext } from "@nestjs/common";
import { GlobalFlag } from "@vendure/common/lib/generated-types";
import {
  ChannelService,
  CurrencyCode,
  dummyPaymentHandler,
  InitialData,
  LanguageCode,
  Populator,
  Product,
  ProductService,
  ProductVariantService,
  RequestContext,
  RequestContextService,
  TaxCategoryService,
  TransactionalConnection,
} from "@vendure/core";

const EN = LanguageCode.en;
const TEA_PRICE = 2500;
const SHIPPING_PRICE = 500;

const GROUND: InitialData = {
  defaultLanguage: EN,
  defaultZone: "Europe",
  countries: [{ code: "EE", name: "Estonia", zone: "Europe" }],
  taxRates: [{ name: "Standard", percentage: 20 }],
  shippingMethods: [{ name: "Post", price: SHIPPING_PRICE }],
  paymentMethods: [
    { name: "Card", handler: payment(true) },
    { name: "Invoice", handler: payment(false) },
  ],
  collections: [],
};

/** Fill the shop, if it is empty. */
export async function stockUp(app: INestApplicationContext): Promise<void> {
  if (await app.get(TransactionalConnection).rawConnection.getRepository(Product).count()) {
    return;
  }
  await app.get(Populator).populateInitialData(GROUND);
  const ctx = await inEuros(app);
  const [taxes] = (await app.get(TaxCategoryService).findAll(ctx)).items;
  const product = await app.get(ProductService).create(ctx, {
    translations: [{ languageCode: EN, name: "Tea", slug: "tea", description: "Tea" }],
  });
  await app.get(ProductVariantService).create(ctx, [
    {
      productId: product.id,
      sku: "TEA-9",
      price: TEA_PRICE,
      taxCategoryId: taxes.id,
      trackInventory: GlobalFlag.FALSE,
      translations: [{ languageCode: EN, name: "Tea, 100 g" }],
    },
  ]);
}

/** Let the shop sell in euros, with taxes in its prices; a context that knows it. */
async function inEuros(app: INestApplicationContext): Promise<RequestContext> {
  const channels = app.get(ChannelService);
  const contexts = app.get(RequestContextService);
  const channel = await channels.getDefaultChannel();
  await channels.update(await contexts.create({ apiType: "admin", channelOrToken: channel }), {
    id: channel.id,
    defaultCurrencyCode: CurrencyCode.EUR,
    availableCurrencyCodes: [CurrencyCode.EUR],
    pricesIncludeTax: true,
  });
  const channelOrToken = await channels.getDefaultChannel();
  return contexts.create({ apiType: "admin", channelOrToken });
}

function payment(automaticSettle: boolean) {
  const arg = { name: "automaticSettle", value: String(automaticSettle) };
  return { code: dummyPaymentHandler.code, arguments: [arg] };
}
