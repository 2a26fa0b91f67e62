<?php
/**
 * What the merchant has entered.
 *
 * @package Wordmouth
 */

namespace Wordmouth\WooCommerce;

defined( 'ABSPATH' ) || exit;

/**
 * Kept as one option. It holds no secret: the one that is needed stands in the shop's webhooks.
 */
final class Settings {

	const OPTION       = 'wordmouth_settings';
	const USUAL_DAYS   = 90;
	const LONGEST_DAYS = 400;

	/**
	 * Address of the engine, without a slash at its end; empty: not entered.
	 *
	 * @var string
	 */
	public $address = '';

	/**
	 * The store's id at the engine, `str_...`.
	 *
	 * @var string
	 */
	public $store = '';

	/**
	 * The store's slug at the engine; without it nobody is invited.
	 *
	 * @var string
	 */
	public $slug = '';

	/**
	 * How many days a visit from a friend's link is remembered.
	 *
	 * @var int
	 */
	public $days = self::USUAL_DAYS;

	/**
	 * Whether the widget is shown on the pages of the shop.
	 *
	 * @var bool
	 */
	public $widget = true;

	/**
	 * What is kept now.
	 *
	 * @return Settings
	 */
	public static function current() {
		$kept     = get_option( self::OPTION );
		$settings = new self();
		if ( is_array( $kept ) ) {
			$settings->address = isset( $kept['address'] ) ? (string) $kept['address'] : '';
			$settings->store   = isset( $kept['store'] ) ? (string) $kept['store'] : '';
			$settings->slug    = isset( $kept['slug'] ) ? (string) $kept['slug'] : '';
			$settings->days    = isset( $kept['days'] ) ? (int) $kept['days'] : self::USUAL_DAYS;
			$settings->widget  = ! empty( $kept['widget'] );
		}

		return $settings;
	}

	/**
	 * As an option keeps it.
	 *
	 * @return array
	 */
	public function to_option() {
		return get_object_vars( $this );
	}

	/**
	 * Whether engine and store are both known.
	 *
	 * @return bool
	 */
	public function is_set() {
		return '' !== $this->address && '' !== $this->store;
	}

	/**
	 * Where the shop's webhooks deliver to.
	 *
	 * @return string
	 */
	public function deliveries() {
		return $this->address . '/in/' . $this->store . '/woocommerce';
	}

	/**
	 * What was entered, as it is to be kept. What cannot be used is told the merchant, and what was
	 * there before is kept instead.
	 *
	 * @param mixed $entered The fields of the form.
	 *
	 * @return array
	 */
	public static function entered( $entered ) {
		$entered  = is_array( $entered ) ? $entered : array();
		$settings = self::current();
		$text     = function ( $name ) use ( $entered ) {
			// Before an option is there WordPress asks twice: then for what was answered the first time.
			return isset( $entered[ $name ] ) && is_scalar( $entered[ $name ] ) ? trim( (string) $entered[ $name ] ) : '';
		};
		$address  = rtrim( esc_url_raw( $text( 'address' ), array( 'https', 'http' ) ), '/' );
		if ( '' === $text( 'address' ) || self::is_address( $address ) ) {
			$settings->address = $address;
		} else {
			self::refuse( 'address', __( 'The address of Wordmouth begins with https://, such as https://refer.example.com.', 'wordmouth' ) );
		}
		if ( '' === $text( 'store' ) || preg_match( '/^str_[0-9a-z]{1,60}$/D', $text( 'store' ) ) ) {
			$settings->store = $text( 'store' );
		} else {
			self::refuse( 'store', __( 'The store is entered by its id, which begins with str_.', 'wordmouth' ) );
		}
		if ( '' === $text( 'slug' ) || preg_match( '/^[a-z0-9][a-z0-9-]{0,60}$/D', $text( 'slug' ) ) ) {
			$settings->slug = $text( 'slug' );
		} else {
			self::refuse( 'slug', __( 'The short name of the store has small letters, digits and hyphens only.', 'wordmouth' ) );
		}
		$days = $text( 'days' );
		if ( ctype_digit( $days ) && $days >= 1 && $days <= self::LONGEST_DAYS ) {
			$settings->days = (int) $days;
		} else {
			self::refuse( 'days', __( 'A visit is remembered for 1 to 400 days.', 'wordmouth' ) );
		}
		$settings->widget = '1' === $text( 'widget' );

		return $settings->to_option();
	}

	/**
	 * Without https only on the merchant's own machine.
	 *
	 * @param string $address An address.
	 *
	 * @return bool
	 */
	private static function is_address( $address ) {
		$host   = wp_parse_url( $address, PHP_URL_HOST );
		$scheme = wp_parse_url( $address, PHP_URL_SCHEME );

		return $host && ( 'https' === $scheme || in_array( $host, array( 'localhost', '127.0.0.1' ), true ) );
	}

	/**
	 * Tell the merchant what cannot be used.
	 *
	 * @param string $field The field.
	 * @param string $words What is wrong with it.
	 */
	private static function refuse( $field, $words ) {
		add_settings_error( self::OPTION, 'wordmouth_' . $field, $words );
	}
}
