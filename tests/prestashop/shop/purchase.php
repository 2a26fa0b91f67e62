<?php
/**
 * A purchase and what staff do with it, step by step as the shop does them, hooks included.
 */
function shop_customer(array $who)
{
    $customer = new Customer();
    $defaults = ['firstname' => 'Mari', 'lastname' => 'Tamm', 'is_guest' => 0, 'active' => 1,
        'id_lang' => 2, 'id_shop' => 1];
    foreach ($who + $defaults as $name => $value) {
        $customer->$name = $value;
    }
    $customer->add();

    return $customer;
}

function shop_cart($idCustomer, $idCurrency, array $items)
{
    $cart = new Cart();
    $cart->id_customer = $idCustomer;
    $cart->id_currency = $idCurrency;
    $cart->id_lang = 2;
    $cart->id_shop = 1;
    $cart->products = json_encode($items);
    $cart->rules = '[]';
    $cart->add();

    return $cart;
}

/**
 * What PaymentModule::validateOrder does. `$told` overrides the order's fields.
 */
function shop_order($cart, $state, array $told = [])
{
    $order = new Order();
    $fields = $told + [
        'reference' => strtoupper(substr(md5('order' . $cart->id), 0, 9)), 'id_shop' => 1,
        'id_lang' => $cart->id_lang, 'id_customer' => $cart->id_customer, 'id_cart' => $cart->id,
        'id_currency' => $cart->id_currency, 'id_address_delivery' => 1, 'current_state' => 0,
        'valid' => 0, 'total_wrapping_tax_excl' => '0.000000', 'total_discounts_tax_excl' => '0.000000',
        'total_shipping_tax_excl' => '5.000000', 'total_products' => sprintf('%.6F', $cart->worth()),
        'total_paid_tax_excl' => sprintf('%.6F', $cart->worth() + 5),
        'total_paid_tax_incl' => sprintf('%.6F', ($cart->worth() + 5) * 1.2),
    ];
    foreach ($fields as $name => $value) {
        $order->$name = $value;
    }
    $order->add();
    foreach ($cart->items() as $item) {
        $detail = new OrderDetail();
        $detail->id_order = $order->id;
        $detail->product_id = $item[0];
        $detail->product_reference = (new Product($item[0]))->reference;
        $detail->product_name = (new Product($item[0]))->name;
        $detail->product_quantity = $item[1];
        $detail->unit_price_tax_excl = '25.000000';
        $detail->unit_price_tax_incl = '30.000000';
        $detail->total_price_tax_excl = sprintf('%.6F', 25 * $item[1]);
        $detail->total_price_tax_incl = sprintf('%.6F', 30 * $item[1]);
        $detail->add();
    }
    foreach ($cart->getCartRules() as $used) {
        shop_use_rule($order, (int) $used['id_cart_rule']);
    }
    Hook::exec('actionValidateOrder', [
        'cart' => $cart, 'order' => $order, 'customer' => new Customer($order->id_customer),
        'currency' => new Currency($order->id_currency), 'orderStatus' => new OrderState($state),
    ]);
    shop_state($order, $state);

    return $order;
}

function shop_use_rule($order, $idRule)
{
    $rule = new CartRule($idRule);
    $used = new OrderCartRule();
    $used->id_order = $order->id;
    $used->id_cart_rule = $idRule;
    $used->name = 'voucher';
    $used->value_tax_excl = $rule->free_shipping ? '5.000000' : $order->total_discounts_tax_excl;
    $used->free_shipping = $rule->free_shipping;
    $used->add();
    $rule->quantity = max(0, $rule->quantity - 1);
    $rule->update();
}

function shop_state($order, $state)
{
    $history = new OrderHistory();
    $history->id_order = $order->id;
    $history->changeIdOrderState($state, $order);
    $history->addWithemail();
}

/** A slip as the back office makes one: the row first, then what it is about. */
function shop_slip($order, array $told, array $lines)
{
    $slip = new OrderSlip();
    foreach ($told + ['id_order' => $order->id, 'order_slip_type' => 0] as $name => $value) {
        $slip->$name = $value;
    }
    $slip->add();
    foreach ($lines as $line) {
        Db::getInstance()->insert('order_slip_detail', ['id_order_slip' => $slip->id] + $line);
    }

    return $slip;
}
