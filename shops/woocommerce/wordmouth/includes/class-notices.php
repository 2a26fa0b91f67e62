<?php
/**
 * What is missing, in words.
 *
 * @package Wordmouth
 */

namespace Wordmouth\WooCommerce;

defined( 'ABSPATH' ) || exit;

/**
 * Shown to those who can mend it: on the list of plug-ins and on our own page, and nowhere else.
 */
final class Notices {

	/**
	 * Show on this page of the back office what is missing.
	 */
	public static function show() {
		$screen = get_current_screen();
		$here   = $screen ? $screen->id : '';
		if ( 'plugins' === $here && current_user_can( 'activate_plugins' ) && ! Plugin::has_woocommerce() ) {
			/* translators: %s: a version, such as 7.0. */
			$words = __( 'Wordmouth needs WooCommerce %s or newer. Install and activate it.', 'wordmouth' );
			self::notice( 'error', sprintf( $words, Plugin::LEAST_WOOCOMMERCE ), '' );
		} elseif ( Plugin::has_woocommerce() && current_user_can( 'manage_woocommerce' ) ) {
			$ours = Settings_Page::SCREEN === $here;
			if ( 'plugins' === $here || $ours ) {
				foreach ( self::missing( Settings::current() ) as $words ) {
					self::notice( 'warning', $words, $ours ? '' : Settings_Page::url() );
				}
			}
		}
	}

	/**
	 * What has to be mended before everything works, most important first.
	 *
	 * @param Settings $settings What the merchant has entered.
	 *
	 * @return string[]
	 */
	public static function missing( Settings $settings ) {
		$found = array();
		if ( '' === (string) get_option( 'permalink_structure' ) ) {
			$found[] = __( 'WooCommerce can only be connected with permalinks: choose anything but Plain under Settings → Permalinks.', 'wordmouth' );
		}
		if ( 'https' !== wp_parse_url( home_url(), PHP_URL_SCHEME ) ) {
			$found[] = __( 'The address of this shop does not begin with https://, and so it cannot be connected.', 'wordmouth' );
		}
		if ( ! $settings->is_set() ) {
			$found[] = __( 'Wordmouth does not know its engine yet: enter its address and the id of your store.', 'wordmouth' );

			return $found;
		}
		list( $on, $off ) = Webhooks::count( $settings );
		if ( 0 === $on + $off ) {
			$found[] = __( 'The shop does not tell Wordmouth of its orders yet: press Connect.', 'wordmouth' );
		} elseif ( $off ) {
			$found[] = __( 'WooCommerce has switched off webhooks of Wordmouth, as it could not deliver them. Wordmouth switches them on again within an hour; if not, see its page of this connection.', 'wordmouth' );
		}
		if ( '' === $settings->slug ) {
			$found[] = __( 'Nobody is invited to recommend you yet: enter the short name of your store, or press Check.', 'wordmouth' );
		}

		return $found;
	}

	/**
	 * A notice as WordPress shows them.
	 *
	 * @param string $kind  Of the notice: error, warning, success.
	 * @param string $words What it says.
	 * @param string $url   Where that is mended; empty: here.
	 */
	public static function notice( $kind, $words, $url ) {
		printf( '<div class="notice notice-%1$s"><p>%2$s', esc_attr( $kind ), esc_html( $words ) );
		if ( '' !== $url ) {
			printf( ' <a href="%1$s">%2$s</a>', esc_url( $url ), esc_html__( 'Settings', 'wordmouth' ) );
		}
		echo '</p></div>';
	}
}
