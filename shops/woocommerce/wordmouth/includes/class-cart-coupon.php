<?php
/**
 * The friend's coupon in the cart.
 *
 * @package Wordmouth
 */

namespace Wordmouth\WooCommerce;

defined( 'ABSPATH' ) || exit;

/**
 * Puts the code of a visit into the cart, so that nobody has to type it.
 */
final class Cart_Coupon {

	const DONE = 'wordmouth_coupon_done';

	/**
	 * Put the code into the cart if the shop takes it now. Otherwise it is tried again later, as the
	 * cart may be too small for it yet; but once it was in the cart, whoever takes it out has done
	 * so, until they follow such a link again.
	 */
	public static function apply() {
		$code = Visit::code();
		$shop = WC();
		if ( '' === $code || ! $shop->cart || ! $shop->session || ! wc_coupons_enabled() ) {
			return;
		}
		if ( $shop->cart->is_empty() || $shop->session->get( self::DONE ) === $code ) {
			return;
		}
		$coupon = new \WC_Coupon( $code );
		if ( self::is_over( $coupon ) || $shop->cart->has_discount( $code ) ) {
			$shop->session->set( self::DONE, $code );

			return;
		}
		// Asked beforehand: a coupon that is refused would leave an error on the page.
		$discounts = new \WC_Discounts( $shop->cart );
		if ( true === $discounts->is_coupon_valid( $coupon ) && $shop->cart->apply_coupon( $code ) ) {
			$shop->session->set( self::DONE, $code );
		}
	}

	/**
	 * Somebody follows a link with a code: whatever became of it before, they want it now.
	 */
	public static function begin_anew() {
		$session = WC()->session;
		if ( $session && $session->get( self::DONE ) ) {
			$session->set( self::DONE, null );
		}
	}

	/**
	 * Whether it will never be of use: it does not exist, or its time or its uses are over.
	 *
	 * @param \WC_Coupon $coupon A coupon.
	 *
	 * @return bool
	 */
	private static function is_over( $coupon ) {
		$until = $coupon->get_date_expires();
		$limit = (int) $coupon->get_usage_limit();

		return ! $coupon->get_id()
			|| ( $until && $until->getTimestamp() < time() )
			|| ( $limit > 0 && $coupon->get_usage_count() >= $limit );
	}
}
