{if $wordmouth_modern}
<a class="col-lg-4 col-md-6 col-sm-6 col-xs-12" id="wordmouth-link" href="{$wordmouth_invitation|escape:'html':'UTF-8'}" rel="noopener" referrerpolicy="no-referrer">
  <span class="link-item"><i class="material-icons" aria-hidden="true">card_giftcard</i> {l s='Recommend us to a friend' mod='wordmouth'}</span>
</a>
{else}
<li><a id="wordmouth-link" href="{$wordmouth_invitation|escape:'html':'UTF-8'}" rel="noopener" referrerpolicy="no-referrer"><i class="icon-gift" aria-hidden="true"></i> <span>{l s='Recommend us to a friend' mod='wordmouth'}</span></a></li>
{/if}
