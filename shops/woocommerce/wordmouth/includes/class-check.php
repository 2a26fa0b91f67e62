<?php
/**
 * Whether the engine can be reached and knows the store.
 *
 * @package Wordmouth
 */

namespace Wordmouth\WooCommerce;

defined( 'ABSPATH' ) || exit;

/**
 * The only question that the plug-in asks over the network, and only when the merchant presses the
 * button for it.
 */
final class Check {

	const SECONDS = 5;

	/**
	 * Ask the engine for what the widget shows, which anybody may.
	 *
	 * @param Settings $settings What the merchant has entered.
	 *
	 * @return string[] `success`, `warning` or `error`; what was found, in words; and the store's
	 *                  slug, empty where the engine does not tell it.
	 */
	public static function run( Settings $settings ) {
		$answer = wp_remote_get(
			$settings->address . '/s/-/' . $settings->store . '/widget.json',
			array(
				'timeout'     => self::SECONDS,
				'redirection' => 0,
			)
		);
		if ( is_wp_error( $answer ) ) {
			/* translators: %s: the reason, in English. */
			$words = __( 'Wordmouth could not be reached: %s', 'wordmouth' );

			return array( 'error', sprintf( $words, $answer->get_error_message() ), '' );
		}
		$status = (int) wp_remote_retrieve_response_code( $answer );
		$told   = json_decode( wp_remote_retrieve_body( $answer ), true );
		if ( ! is_array( $told ) || ! isset( $told['live'] ) ) {
			/* translators: %d: a status of HTTP, such as 502. */
			$words = __( 'Something else than Wordmouth is at this address; it answered %d.', 'wordmouth' );

			return array( 'error', sprintf( $words, $status ), '' );
		}
		if ( 404 === $status ) {
			return array( 'error', __( 'Wordmouth answers, but has no store with this id.', 'wordmouth' ), '' );
		}
		if ( ! $told['live'] ) {
			return array( 'warning', __( 'Wordmouth knows this store, which has no programme that is live yet.', 'wordmouth' ), '' );
		}

		return array( 'success', __( 'Wordmouth answers and knows this store.', 'wordmouth' ), self::slug( $settings, $told ) );
	}

	/**
	 * The store's slug, which ends the address of its page.
	 *
	 * @param Settings $settings What the merchant has entered.
	 * @param array    $told     What the engine answered.
	 *
	 * @return string
	 */
	private static function slug( Settings $settings, array $told ) {
		$page = isset( $told['url'] ) && is_string( $told['url'] ) ? $told['url'] : '';
		$form = '#^' . preg_quote( $settings->address, '#' ) . '/s/([a-z0-9][a-z0-9-]{0,60})$#D';

		return preg_match( $form, $page, $parts ) ? $parts[1] : '';
	}
}
