<?php
/**
 * What customers see of Wordmouth.
 *
 * @package Wordmouth
 */

namespace Wordmouth\WooCommerce;

defined( 'ABSPATH' ) || exit;

/**
 * The link by which a customer whom the shop knows recommends it, and the widget.
 */
final class Invitation {

	/**
	 * Invite whoever has just bought; on the page that thanks them, classic and of blocks.
	 *
	 * @param int $order_id The order.
	 */
	public static function after_an_order( $order_id ) {
		$order = wc_get_order( $order_id );
		if ( ! $order || $order->has_status( array( 'failed', 'cancelled' ) ) ) {
			return;
		}
		$link = self::link(
			$order->get_billing_email(),
			$order->get_customer_id(),
			$order->get_billing_first_name(),
			$order->get_billing_last_name()
		);
		if ( '' === $link ) {
			return;
		}
		printf(
			'<section class="wordmouth-invitation" aria-labelledby="wordmouth-invitation"><h2 id="wordmouth-invitation">%1$s</h2><p>%2$s</p><p>%3$s</p></section>',
			esc_html__( 'Recommend us to a friend', 'wordmouth' ),
			esc_html__( 'Your friend gets a reward, and so do you.', 'wordmouth' ),
			self::anchor( $link, __( 'Get your personal link', 'wordmouth' ), 'button' ) // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped there.
		);
	}

	/**
	 * A link in the account of a customer who is signed in.
	 */
	public static function in_the_account() {
		$user = wp_get_current_user();
		$link = $user->exists() ? self::link( $user->user_email, $user->ID, $user->first_name, $user->last_name ) : '';
		if ( '' !== $link ) {
			printf(
				'<p class="wordmouth-invitation">%s</p>',
				self::anchor( $link, __( 'Recommend us to a friend', 'wordmouth' ), '' ) // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Escaped there.
			);
		}
	}

	/**
	 * The widget on the pages of the shop.
	 */
	public static function widget() {
		$settings = Settings::current();
		if ( $settings->is_set() && $settings->widget ) {
			wp_print_script_tag(
				array(
					'src'        => $settings->address . '/widget.js',
					'data-store' => $settings->store,
					'async'      => true,
				)
			);
		}
	}

	/**
	 * The link that proves for 24 hours who the customer is: shown only to them.
	 *
	 * @param string $email      Their address.
	 * @param int    $id         Their number in the shop; 0 for a guest.
	 * @param string $first_name Their first name.
	 * @param string $last_name  Their last name.
	 *
	 * @return string Empty while the shop is not connected, or knows no address.
	 */
	private static function link( $email, $id, $first_name, $last_name ) {
		$settings = Settings::current();
		if ( ! $settings->is_set() || '' === $settings->slug || '' === (string) $email ) {
			return '';
		}
		$key = Webhooks::key( $settings );
		if ( '' === $key ) {
			return '';
		}
		$claims  = array(
			'email'      => $email,
			'id'         => $id ? (string) $id : null,
			'first_name' => $first_name,
			'last_name'  => $last_name,
			'locale'     => str_replace( '_', '-', determine_locale() ),
			'iat'        => time(),
		);
		$payload = self::base64url( wp_json_encode( $claims ) );
		$digest  = self::base64url( hash_hmac( 'sha256', 'wm-customer.' . $payload, $key, true ) );

		return $settings->address . '/s/' . $settings->slug . '/join?customer=' . $payload . '.' . $digest;
	}

	/**
	 * A link that tells the engine nothing of the page it stands on.
	 *
	 * @param string $link  Where it leads.
	 * @param string $words What it says.
	 * @param string $style The class of a button, or none.
	 *
	 * @return string
	 */
	private static function anchor( $link, $words, $style ) {
		return sprintf(
			'<a class="wordmouth-link %1$s" href="%2$s" rel="noopener" referrerpolicy="no-referrer">%3$s</a>',
			esc_attr( $style ),
			esc_url( $link ),
			esc_html( $words )
		);
	}

	/**
	 * Base64 for addresses, without padding.
	 *
	 * @param string $raw Bytes.
	 *
	 * @return string
	 */
	private static function base64url( $raw ) {
		return rtrim( strtr( base64_encode( $raw ), '+/', '-_' ), '=' );
	}
}
