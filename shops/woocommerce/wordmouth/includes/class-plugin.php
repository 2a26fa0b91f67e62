<?php
/**
 * Which part of the plug-in listens to what.
 *
 * @package Wordmouth
 */

namespace Wordmouth\WooCommerce;

defined( 'ABSPATH' ) || exit;

/**
 * Nothing here asks anything of the network: a page of the shop and its checkout never wait.
 */
final class Plugin {

	const LEAST_WOOCOMMERCE = '7.0';

	/**
	 * Listen to WordPress and, where it is there, to WooCommerce.
	 *
	 * @param string $file The main file of the plug-in.
	 */
	public static function start( $file ) {
		add_action(
			'before_woocommerce_init',
			function () use ( $file ) {
				self::declare_what_it_can( $file );
			}
		);
		add_action(
			'init',
			function () use ( $file ) {
				load_plugin_textdomain( 'wordmouth', false, dirname( plugin_basename( $file ) ) . '/languages' );
			}
		);
		add_action( 'admin_notices', array( Notices::class, 'show' ) );
		add_action(
			'plugins_loaded',
			function () use ( $file ) {
				if ( self::has_woocommerce() ) {
					self::listen( plugin_basename( $file ) );
				}
			}
		);
	}

	/**
	 * Whether there is a WooCommerce that is new enough.
	 *
	 * @return bool
	 */
	public static function has_woocommerce() {
		return defined( 'WC_VERSION' ) && version_compare( WC_VERSION, self::LEAST_WOOCOMMERCE, '>=' );
	}

	/**
	 * The visit is kept before anything of WooCommerce's may lead elsewhere (at 20 it puts things
	 * into the cart), and the coupon is put into the cart after that.
	 *
	 * @param string $basename The plug-in as WordPress names it.
	 */
	private static function listen( $basename ) {
		add_action( 'wp_loaded', array( Visit::class, 'remember' ), 5 );
		add_action( 'wp_loaded', array( Cart_Coupon::class, 'apply' ), 30 );
		add_action( 'woocommerce_add_to_cart', array( Cart_Coupon::class, 'apply' ), 30, 0 );
		// The classic checkout, then that of blocks. Both save the order afterwards by themselves.
		add_action( 'woocommerce_checkout_create_order', array( Visit::class, 'note' ) );
		add_action( 'woocommerce_store_api_checkout_update_order_meta', array( Visit::class, 'note' ) );
		add_action( 'woocommerce_checkout_order_processed', array( Visit::class, 'forget_code' ), 10, 0 );
		add_action( 'woocommerce_store_api_checkout_order_processed', array( Visit::class, 'forget_code' ), 10, 0 );
		add_action( 'woocommerce_thankyou', array( Invitation::class, 'after_an_order' ), 20 );
		add_action( 'woocommerce_account_dashboard', array( Invitation::class, 'in_the_account' ) );
		add_action( 'wp_footer', array( Invitation::class, 'widget' ) );
		if ( is_admin() ) {
			Settings_Page::listen( $basename );
		}
	}

	/**
	 * Orders are only touched as objects, so wherever they are kept; and the checkout of blocks is
	 * listened to as well.
	 *
	 * @param string $file The main file of the plug-in.
	 */
	private static function declare_what_it_can( $file ) {
		$features = '\Automattic\WooCommerce\Utilities\FeaturesUtil';
		if ( class_exists( $features ) ) {
			$features::declare_compatibility( 'custom_order_tables', $file, true );
			$features::declare_compatibility( 'cart_checkout_blocks', $file, true );
		}
	}
}
