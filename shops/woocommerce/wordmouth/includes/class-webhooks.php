<?php
/**
 * The webhooks by which the shop tells the engine.
 *
 * @package Wordmouth
 */

namespace Wordmouth\WooCommerce;

defined( 'ABSPATH' ) || exit;

/**
 * The engine makes them by the shop's API when it is connected. Their secret is known to both, so
 * the plug-in needs no other one.
 */
final class Webhooks {

	const ADDRESS = '#^(https?://.+)/in/(str_[0-9a-z]+)/woocommerce$#D';

	/**
	 * Those that deliver to an engine, the newest first.
	 *
	 * @return \WC_Webhook[]
	 */
	public static function of_engines() {
		$found = array();
		$ids   = \WC_Data_Store::load( 'webhook' )->search_webhooks( array( 'limit' => -1 ) );
		foreach ( $ids as $id ) {
			$webhook = wc_get_webhook( $id );
			if ( $webhook && preg_match( self::ADDRESS, $webhook->get_delivery_url() ) ) {
				$found[] = $webhook;
			}
		}

		return $found;
	}

	/**
	 * How many deliver to this store, by whether they are switched on.
	 *
	 * @param Settings $settings What the merchant has entered.
	 *
	 * @return int[] Those that are on, and those that are off.
	 */
	public static function count( Settings $settings ) {
		$counted = array( 0, 0 );
		foreach ( self::of_engines() as $webhook ) {
			if ( $webhook->get_delivery_url() === $settings->deliveries() ) {
				++$counted[ 'active' === $webhook->get_status() ? 0 : 1 ];
			}
		}

		return $counted;
	}

	/**
	 * The key that the shop shares with the engine; empty while they are not connected.
	 *
	 * @param Settings $settings What the merchant has entered.
	 *
	 * @return string
	 */
	public static function key( Settings $settings ) {
		foreach ( self::of_engines() as $webhook ) {
			$secret = (string) $webhook->get_secret();
			if ( $webhook->get_delivery_url() === $settings->deliveries() && 0 === strpos( $secret, 'whsec_' ) ) {
				return (string) base64_decode( substr( $secret, 6 ), true );
			}
		}

		return '';
	}

	/**
	 * Engine and store as the newest webhook names them: what the merchant need not type.
	 *
	 * @return string[] Address and store, both empty where there is no webhook.
	 */
	public static function names() {
		foreach ( self::of_engines() as $webhook ) {
			preg_match( self::ADDRESS, $webhook->get_delivery_url(), $parts );

			return array( $parts[1], $parts[2] );
		}

		return array( '', '' );
	}
}
