<?php
/**
 * The visit from a friend's link.
 *
 * @package Wordmouth
 */

namespace Wordmouth\WooCommerce;

defined( 'ABSPATH' ) || exit;

/**
 * Kept in two cookies, which only visitors who came by a link get, and noted on their order.
 */
final class Visit {

	const TOKEN_COOKIE = 'wordmouth_wm';
	const CODE_COOKIE  = 'wordmouth_coupon';
	const TOKEN_NOTE   = '_wordmouth_token';
	const CODE_NOTE    = '_wordmouth_code';
	const TOKEN        = '/^[A-Za-z0-9._~-]{1,1024}$/D';
	const CODE         = '/^[A-Za-z0-9_-]{1,64}$/D';

	/**
	 * Keep what the address of this page brings: the first friend's token, the newest code.
	 */
	public static function remember() {
		if ( is_admin() || wp_doing_cron() ) {
			return;
		}
		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- A link that anybody may follow.
		$token = self::given( $_GET, 'wm', self::TOKEN );
		$code  = strtoupper( self::given( $_GET, 'coupon', self::CODE ) );
		// phpcs:enable
		if ( '' !== $token && '' === self::token() ) {
			self::keep( self::TOKEN_COOKIE, $token );
		}
		if ( '' !== $code ) {
			Cart_Coupon::begin_anew();
			if ( self::code() !== $code ) {
				self::keep( self::CODE_COOKIE, $code );
			}
		}
	}

	/**
	 * The token of the friend who brought this visitor first; empty if nobody did.
	 *
	 * @return string
	 */
	public static function token() {
		return self::given( $_COOKIE, self::TOKEN_COOKIE, self::TOKEN );
	}

	/**
	 * The code that this visitor came with; empty if there is none.
	 *
	 * @return string
	 */
	public static function code() {
		return strtoupper( self::given( $_COOKIE, self::CODE_COOKIE, self::CODE ) );
	}

	/**
	 * Note on an order that is being placed where its buyer came from.
	 *
	 * @param \WC_Order $order The order, which the shop saves afterwards.
	 */
	public static function note( $order ) {
		foreach ( array( self::TOKEN_NOTE => self::token(), self::CODE_NOTE => self::code() ) as $name => $value ) {
			if ( '' !== $value ) {
				$order->update_meta_data( $name, $value );
			}
		}
	}

	/**
	 * The code has done what it was for: the next cart begins without it.
	 */
	public static function forget_code() {
		if ( '' !== self::code() ) {
			self::set( self::CODE_COOKIE, '', time() - DAY_IN_SECONDS );
		}
	}

	/**
	 * A value of the form that it must have; empty for anything else.
	 *
	 * @param array  $from Where it may be, with WordPress's slashes.
	 * @param string $name Its name.
	 * @param string $form Its form.
	 *
	 * @return string
	 */
	private static function given( array $from, $name, $form ) {
		$value = isset( $from[ $name ] ) ? wp_unslash( $from[ $name ] ) : '';

		return is_string( $value ) && preg_match( $form, $value ) ? $value : '';
	}

	/**
	 * Keep a value for as long as a visit counts.
	 *
	 * @param string $name  Of the cookie.
	 * @param string $value Of the cookie.
	 */
	private static function keep( $name, $value ) {
		self::set( $name, $value, time() + Settings::current()->days * DAY_IN_SECONDS );
	}

	/**
	 * Set a cookie that only the shop can read. This request goes on with it too.
	 *
	 * @param string $name  Of the cookie.
	 * @param string $value Of the cookie.
	 * @param int    $until Unix seconds.
	 */
	private static function set( $name, $value, $until ) {
		$_COOKIE[ $name ] = $value;
		if ( headers_sent() ) {
			return;
		}
		$where = array(
			'expires'  => $until,
			'path'     => COOKIEPATH ? COOKIEPATH : '/',
			'domain'   => (string) COOKIE_DOMAIN,
			'secure'   => is_ssl(),
			'httponly' => true,
			'samesite' => 'Lax',
		);
		setcookie( $name, $value, $where );
	}
}
