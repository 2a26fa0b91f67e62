<?php
/**
 * The tables of the shop that the module reads or that its classes write. The first column is
 * the primary key. The columns are those of thirty bees 1.7 and PrestaShop 8; what only one of
 * them has is left out for the other.
 */
function shop_schema($isThirtyBees)
{
    $tables = [
        'configuration' => 'id_configuration name value id_shop',
        'hook_module' => 'id_hook_module id_module hook',
        'log' => 'id_log severity message',
        'orders' => 'id_order reference id_shop_group id_shop id_carrier id_lang id_customer id_cart
            id_currency id_address_delivery id_address_invoice current_state secure_key payment
            conversion_rate module recyclable gift gift_message mobile_theme shipping_number
            total_discounts total_discounts_tax_incl total_discounts_tax_excl total_paid
            total_paid_tax_incl total_paid_tax_excl total_paid_real total_products
            total_products_wt total_shipping total_shipping_tax_incl total_shipping_tax_excl
            carrier_tax_rate total_wrapping total_wrapping_tax_incl total_wrapping_tax_excl
            round_mode round_type invoice_number delivery_number invoice_date delivery_date valid
            date_add date_upd',
        'order_detail' => 'id_order_detail id_order product_id product_attribute_id product_name
            product_quantity product_price product_reference product_ean13 product_upc
            unit_price_tax_incl unit_price_tax_excl total_price_tax_incl total_price_tax_excl is_pack',
        'order_history' => 'id_order_history id_employee id_order id_order_state date_add',
        'order_state' => 'id_order_state unremovable delivery hidden invoice send_email module_name
            color logable shipped paid pdf_invoice pdf_delivery deleted active name template
            email_subject',
        'order_slip' => 'id_order_slip id_customer id_order conversion_rate total_products_tax_excl
            total_products_tax_incl total_shipping_tax_excl total_shipping_tax_incl shipping_cost
            amount shipping_cost_amount partial order_slip_type date_add date_upd',
        'order_slip_detail' => 'id_order_slip_detail id_order_slip id_order_detail product_quantity
            amount_tax_excl amount_tax_incl',
        'order_cart_rule' => 'id_order_cart_rule id_order id_cart_rule id_order_invoice name value
            value_tax_excl free_shipping' . ($isThirtyBees ? '' : ' deleted'),
        'customer' => 'id_customer id_shop_group id_shop id_gender id_default_group id_lang id_risk
            company siret ape firstname lastname email passwd last_passwd_gen birthday newsletter
            ip_registration_newsletter newsletter_date_add optin website outstanding_allow_amount
            show_public_prices max_payment_days secure_key note active is_guest deleted date_add
            date_upd',
        'cart_rule' => 'id_cart_rule id_customer date_from date_to description quantity
            quantity_per_user priority partial_use code minimum_amount minimum_amount_tax
            minimum_amount_currency minimum_amount_shipping country_restriction carrier_restriction
            group_restriction cart_rule_restriction product_restriction
            minimum_amount_product_restriction shop_restriction free_shipping reduction_percent
            reduction_max reduction_max_tax reduction_max_currency reduction_amount reduction_tax
            reduction_currency reduction_product gift_product gift_product_attribute highlight
            active date_add date_upd name',
        'cart' => 'id_cart id_customer id_currency id_lang id_shop products rules',
        'product' => 'id_product reference price active id_category_default name link_rewrite cover
            default_attribute',
        'category' => 'id_category name',
        'currency' => 'id_currency iso_code deleted',
        'lang' => 'id_lang iso_code active',
        'country' => 'id_country iso_code',
        'address' => 'id_address id_country',
    ];
    foreach ($tables as $name => $columns) {
        $columns = preg_split('/\s+/', $columns);
        $key = array_shift($columns);
        // Amounts stay the texts with six decimals that a real shop gives; numbers compare as such.
        $numbers = '/^(id_.*|product_(id|quantity|attribute_id)|active|deleted|is_guest|paid|shipped'
            . '|logable|valid|current_state|quantity.*|free_shipping|order_slip_type)$/';
        $columns = array_map(function ($name) use ($numbers) {
            return preg_match($numbers, $name) ? "$name INTEGER" : $name;
        }, $columns);
        Db::getInstance()->execute(
            'CREATE TABLE ' . _DB_PREFIX_ . "$name ($key INTEGER PRIMARY KEY AUTOINCREMENT, "
            . implode(' DEFAULT 0, ', $columns) . ' DEFAULT 0)'
        );
    }
}

/** What a shop has from its installation. */
function shop_seed($isThirtyBees)
{
    $settings = [
        'PS_SHOP_DEFAULT' => 1, 'PS_LANG_DEFAULT' => 1, 'PS_CURRENCY_DEFAULT' => 1,
        'PS_CUSTOMER_GROUP' => 3, 'PS_TAX' => 1, 'PS_SSL_ENABLED' => 1,
        'PS_TIMEZONE' => 'Europe/Tallinn', 'PRICES_WITHOUT_TAX' => 0,
    ];
    // The same states have other numbers in the two.
    $numbers = $isThirtyBees
        ? ['PAYMENT' => 1, 'PREPARATION' => 2, 'SHIPPING' => 3, 'DELIVERED' => 4, 'CANCELED' => 5,
            'REFUND' => 6, 'ERROR' => 7, 'CHEQUE' => 9]
        : ['CHEQUE' => 1, 'PAYMENT' => 2, 'PREPARATION' => 3, 'SHIPPING' => 4, 'DELIVERED' => 5,
            'CANCELED' => 6, 'REFUND' => 7, 'ERROR' => 8];
    $db = Db::getInstance();
    foreach ($numbers as $name => $number) {
        $settings["PS_OS_$name"] = $number;
        $db->insert('order_state', [
            'id_order_state' => $number,
            'name' => $name,
            'paid' => (int) in_array($name, ['PAYMENT', 'PREPARATION', 'SHIPPING', 'DELIVERED'], true),
            'logable' => (int) in_array($name, ['PAYMENT', 'PREPARATION', 'SHIPPING', 'DELIVERED'], true),
            'shipped' => (int) in_array($name, ['SHIPPING', 'DELIVERED'], true),
        ]);
    }
    foreach ($settings as $name => $value) {
        $db->insert('configuration', ['name' => $name, 'value' => $value]);
    }
    foreach (['EUR', 'JPY', 'KWD'] as $iso) {
        $db->insert('currency', ['iso_code' => $iso]);
    }
    foreach (['en', 'et'] as $iso) {
        $db->insert('lang', ['iso_code' => $iso, 'active' => 1]);
    }
    $db->insert('country', ['iso_code' => 'EE']);
    $db->insert('address', ['id_country' => 1]);
    $db->insert('category', ['name' => 'Drinks']);
    foreach ([['TEA-9', 'Tea', 1], ['OLD-1', 'Old tea', 0]] as $goods) {
        $db->insert('product', [
            'reference' => $goods[0], 'name' => $goods[1], 'active' => $goods[2], 'price' => '25.000000',
            'id_category_default' => 1, 'link_rewrite' => strtolower($goods[0]), 'cover' => 7,
            'default_attribute' => 11,
        ]);
    }
}
