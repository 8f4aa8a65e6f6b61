import {t} from '../text/language.ts';

/** What a person or a token is to be called: the names that the server takes. */
export function NameField({label, value, onChange}: {label: string; value: string; onChange(wanted: string): void}) {
  return (
    <>
      <label class="field">
        <span>{label}</span>
        <input
          required
          autofocus
          maxLength={64}
          pattern="[a-z0-9][a-z0-9._@\-]*"
          title={t('people.name_says')}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={value}
          onInput={(e) => onChange(e.currentTarget.value)}
        />
      </label>
      <p class="soft small">{t('people.name_says')}</p>
    </>
  );
}
