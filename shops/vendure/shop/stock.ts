/** What the sandbox sells: tea at 25 EUR, sent for 5 EUR, paid at once or after delivery. */
import type { INestApplicationContext } from "@nestjs/common";
import { GlobalFlag } from "@vendure/common/lib/generated-types";
import {
  ChannelService,
  CurrencyCode,
  dummyPaymentHandler,
  LanguageCode,
  Populator,
  Product,
  ProductService,
  ProductVariantService,
  RequestContextService,
  TaxCategoryService,
  TransactionalConnection,
} from "@vendure/core";

const EN = LanguageCode.en;
const TEA_PRICE = 2500;
const SHIPPING_PRICE = 500;

/** Fill the shop, if it is empty. */
export async function stockUp(app: INestApplicationContext): Promise<void> {
  if (await app.get(TransactionalConnection).rawConnection.getRepository(Product).count()) {
    return;
  }
  await app.get(Populator).populateInitialData({
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
  });
  const channel = await app.get(ChannelService).getDefaultChannel();
  const contexts = app.get(RequestContextService);
  const setUp = await contexts.create({ apiType: "admin", channelOrToken: channel });
  await app.get(ChannelService).update(setUp, {
    id: channel.id,
    defaultCurrencyCode: CurrencyCode.EUR,
    availableCurrencyCodes: [CurrencyCode.EUR],
    pricesIncludeTax: true,
  });
  const sold = await app.get(ChannelService).getDefaultChannel();
  const ctx = await contexts.create({ apiType: "admin", channelOrToken: sold });
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

function payment(automaticSettle: boolean) {
  const arg = { name: "automaticSettle", value: String(automaticSettle) };
  return { code: dummyPaymentHandler.code, arguments: [arg] };
}
