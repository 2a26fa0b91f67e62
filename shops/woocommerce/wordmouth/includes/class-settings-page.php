<?php
/**
 * The page under WooCommerce in the back office.
 *
 * @package Wordmouth
 */

namespace Wordmouth\WooCommerce;

defined( 'ABSPATH' ) || exit;

/**
 * Address and store are entered here, and from here the shop is connected.
 */
final class Settings_Page {

	const PAGE   = 'wordmouth';
	const SCREEN = 'woocommerce_page_wordmouth';
	const GROUP  = 'wordmouth';
	const CHECK  = 'wordmouth_check';
	const FOUND  = 'wordmouth_found';

	/**
	 * Listen to the back office.
	 *
	 * @param string $basename The plug-in as WordPress names it.
	 */
	public static function listen( $basename ) {
		add_action( 'admin_menu', array( self::class, 'add' ) );
		add_action( 'admin_init', array( self::class, 'register' ) );
		add_action( 'admin_post_' . self::CHECK, array( self::class, 'check' ) );
		add_filter( 'option_page_capability_' . self::GROUP, array( self::class, 'who_may' ) );
		add_filter( 'plugin_action_links_' . $basename, array( self::class, 'link' ) );
	}

	/**
	 * Who may change the settings: whoever manages the shop.
	 *
	 * @return string
	 */
	public static function who_may() {
		return 'manage_woocommerce';
	}

	/**
	 * The address of the page.
	 *
	 * @return string
	 */
	public static function url() {
		return admin_url( 'admin.php?page=' . self::PAGE );
	}

	/**
	 * Put the page into the menu.
	 */
	public static function add() {
		add_submenu_page( 'woocommerce', 'Wordmouth', 'Wordmouth', self::who_may(), self::PAGE, array( self::class, 'show' ) );
	}

	/**
	 * Tell WordPress how the settings are kept.
	 */
	public static function register() {
		register_setting( self::GROUP, Settings::OPTION, array( 'sanitize_callback' => array( Settings::class, 'entered' ) ) );
	}

	/**
	 * A link beside the plug-in in the list.
	 *
	 * @param string[] $links Those that are there.
	 *
	 * @return string[]
	 */
	public static function link( array $links ) {
		$link = sprintf( '<a href="%1$s">%2$s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'wordmouth' ) );

		return array_merge( array( $link ), $links );
	}

	/**
	 * Ask the engine, note the store's slug where it was not entered, and lead back to the page.
	 */
	public static function check() {
		check_admin_referer( self::CHECK );
		if ( ! current_user_can( self::who_may() ) ) {
			wp_die( esc_html__( 'You may not change these settings.', 'wordmouth' ), 403 );
		}
		$settings                   = Settings::current();
		list( $kind, $words, $slug ) = Check::run( $settings );
		if ( '' === $settings->slug && '' !== $slug ) {
			update_option( Settings::OPTION, array( 'slug' => $slug ) + self::form( $settings ) );
		}
		set_transient( self::FOUND, array( $kind, $words ), MINUTE_IN_SECONDS );
		wp_safe_redirect( self::url() );
		exit;
	}

	/**
	 * The page.
	 */
	public static function show() {
		$settings = Settings::current();
		if ( ! $settings->is_set() ) {
			// What the webhooks name need not be typed.
			list( $address, $store ) = Webhooks::names();
			$settings->address       = $settings->address ? $settings->address : $address;
			$settings->store         = $settings->store ? $settings->store : $store;
		}
		echo '<div class="wrap"><h1>Wordmouth</h1>';
		// All of them: that the settings were saved is told under a name of WordPress's own.
		settings_errors();
		$found = get_transient( self::FOUND );
		if ( is_array( $found ) ) {
			delete_transient( self::FOUND );
			Notices::notice( $found[0], $found[1], '' );
		}
		self::show_form( $settings );
		if ( Settings::current()->is_set() ) {
			self::show_connection( Settings::current() );
		}
		echo '</div>';
	}

	/**
	 * What is entered.
	 *
	 * @param Settings $settings What is entered now.
	 */
	private static function show_form( Settings $settings ) {
		echo '<form method="post" action="options.php">';
		settings_fields( self::GROUP );
		echo '<table class="form-table" role="presentation">';
		$values = self::form( $settings );
		self::field( 'address', 'url', $values, __( 'Address of Wordmouth', 'wordmouth' ), __( 'Such as https://refer.example.com.', 'wordmouth' ) );
		self::field( 'store', 'text', $values, __( 'Store', 'wordmouth' ), __( 'Its id, which begins with str_.', 'wordmouth' ) );
		self::field( 'slug', 'text', $values, __( 'Short name of the store', 'wordmouth' ), __( 'As in the address of its page, /s/tea-house. Check finds it.', 'wordmouth' ) );
		self::field( 'days', 'number', $values, __( 'Remember visits for', 'wordmouth' ), __( 'Days, 1 to 400.', 'wordmouth' ) );
		printf(
			'<tr><th scope="row">%1$s</th><td><label><input type="checkbox" name="%2$s[widget]" value="1" %3$s> %4$s</label></td></tr></table>',
			esc_html__( 'Widget', 'wordmouth' ),
			esc_attr( Settings::OPTION ),
			checked( $settings->widget, true, false ),
			esc_html__( 'Show it on the pages of the shop', 'wordmouth' )
		);
		submit_button();
		echo '</form>';
	}

	/**
	 * One field of the form.
	 *
	 * @param string $name   Of the field.
	 * @param string $kind   Of the input.
	 * @param array  $values All values.
	 * @param string $label  What it is.
	 * @param string $help   What may be entered.
	 */
	private static function field( $name, $kind, array $values, $label, $help ) {
		printf(
			'<tr><th scope="row"><label for="wordmouth-%1$s">%2$s</label></th><td><input class="regular-text" id="wordmouth-%1$s" type="%3$s" name="%4$s[%1$s]" value="%5$s" aria-describedby="wordmouth-%1$s-help"><p class="description" id="wordmouth-%1$s-help">%6$s</p></td></tr>',
			esc_attr( $name ),
			esc_html( $label ),
			esc_attr( $kind ),
			esc_attr( Settings::OPTION ),
			esc_attr( $values[ $name ] ),
			esc_html( $help )
		);
	}

	/**
	 * How the connection is, and what can be done about it.
	 *
	 * @param Settings $settings What is entered now.
	 */
	private static function show_connection( Settings $settings ) {
		list( $on, $off ) = Webhooks::count( $settings );
		/* translators: 1: webhooks that are switched on, 2: those that are switched off. */
		$words = __( 'Webhooks to Wordmouth: %1$d on, %2$d off.', 'wordmouth' );
		printf(
			'<h2>%1$s</h2><p>%2$s</p><p>%3$s</p><p><a class="%4$s" href="%5$s">%6$s</a> <a class="button" href="%7$s">%8$s</a></p>',
			esc_html__( 'Connection', 'wordmouth' ),
			esc_html( sprintf( $words, $on, $off ) ),
			esc_html__( 'Connect opens Wordmouth, which leads back here to ask for your consent: it reads orders and customers, makes coupons, and is told of what happens.', 'wordmouth' ),
			esc_attr( $on + $off ? 'button' : 'button button-primary' ),
			esc_url( self::connect_url( $settings ) ),
			esc_html__( 'Connect', 'wordmouth' ),
			esc_url( wp_nonce_url( admin_url( 'admin-post.php?action=' . self::CHECK ), self::CHECK ) ),
			esc_html__( 'Check', 'wordmouth' )
		);
	}

	/**
	 * Where the merchant connects the store: a page of the desk, for its members alone.
	 *
	 * @param Settings $settings What is entered now.
	 *
	 * @return string
	 */
	private static function connect_url( Settings $settings ) {
		$desk = $settings->address . '/desk';

		return '' === $settings->slug ? $desk : $desk . '/' . $settings->slug . '/connection/woocommerce';
	}

	/**
	 * The settings as the form sends them.
	 *
	 * @param Settings $settings What is entered now.
	 *
	 * @return string[]
	 */
	private static function form( Settings $settings ) {
		return array_map( 'strval', $settings->to_option() );
	}
}
