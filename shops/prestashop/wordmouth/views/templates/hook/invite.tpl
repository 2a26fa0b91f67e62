<section class="wordmouth-invite box card card-block" aria-labelledby="wordmouth-invite-title">
  <h3 id="wordmouth-invite-title">{l s='Recommend us to a friend' mod='wordmouth'}</h3>
  <p>{l s='Your friend gets a reward, and so do you.' mod='wordmouth'}</p>
  <p><a class="btn btn-primary btn-default" href="{$wordmouth_invitation|escape:'html':'UTF-8'}" rel="noopener" referrerpolicy="no-referrer">{l s='Get your personal link' mod='wordmouth'}</a></p>
</section>
