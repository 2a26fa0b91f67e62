<?php
/**
 * Plugin Name:          Wordmouth for WooCommerce
 * Description:          Happy customers bring their friends, and both are rewarded: remembers who was sent by a friend, puts their coupon into the cart, and invites customers who have just bought.
 * Version:              1.0.0
 * Author:               Wordmouth
 * Requires at least:    6.0
 * Requires PHP:         7.4
 * Requires Plugins:     woocommerce
 * WC requires at least: 7.0
 * WC tested up to:      9.9
 * License:              GPL-2.0-or-later
 * License URI:          https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:          wordmouth
 * Domain Path:          /languages
 *
 * @package Wordmouth
 */

namespace Wordmouth\WooCommerce;

defined( 'ABSPATH' ) || exit;

require_once __DIR__ . '/includes/class-settings.php';
require_once __DIR__ . '/includes/class-webhooks.php';
require_once __DIR__ . '/includes/class-visit.php';
require_once __DIR__ . '/includes/class-cart-coupon.php';
require_once __DIR__ . '/includes/class-invitation.php';
require_once __DIR__ . '/includes/class-check.php';
require_once __DIR__ . '/includes/class-notices.php';
require_once __DIR__ . '/includes/class-settings-page.php';
require_once __DIR__ . '/includes/class-plugin.php';

Plugin::start( __FILE__ );
