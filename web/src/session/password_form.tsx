import {useRef, useState} from 'preact/hooks';
import {t} from '../text/language.ts';
import {changePassword, session} from './session.ts';

/** Changes the own password. */
export function PasswordForm({onChanged}: {onChanged(): void}) {
  const form = useRef<HTMLFormElement>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    const said = new FormData(form.current!);
    const [present, wanted, again] = ['present', 'wanted', 'again'].map((name) => String(said.get(name) ?? ''));
    if (wanted !== again) return setFault(t('account.not_twice'));
    setBusy(true);
    const wrong = await changePassword(present!, wanted!);
    setBusy(false);
    setFault(wrong ?? '');
    if (wrong !== undefined) return;
    form.current?.reset();
    onChanged();
  };
  const field = (name: string, label: string, autocomplete: 'current-password' | 'new-password') => (
    <label class="field">
      <span>{label}</span>
      <input name={name} type="password" autocomplete={autocomplete} maxLength={1024} required />
    </label>
  );
  return (
    <form ref={form} onSubmit={submit}>
      <input hidden autocomplete="username" value={session.value?.who?.name ?? ''} readOnly />
      {field('present', t('account.present'), 'current-password')}
      {field('wanted', t('account.wanted'), 'new-password')}
      <p class="soft small">{t('account.rules')}</p>
      {field('again', t('account.again'), 'new-password')}
      <p class="fault" role="alert">
        {fault}
      </p>
      <button type="submit" class="button primary" disabled={busy}>
        {t('account.change')}
      </button>
    </form>
  );
}

/** In place of every page while somebody else knows the password. */
export const ChangeFirst = () => (
  <section class="sign-in card">
    <h1>{t('session.change_first')}</h1>
    <p class="soft">{t('session.change_first_says')}</p>
    <PasswordForm onChanged={() => location.reload()} />
  </section>
);
