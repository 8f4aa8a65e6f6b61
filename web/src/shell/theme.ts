import {computed, effect, signal} from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
const kKey = 'midwatch.theme';
const kept = localStorage.getItem(kKey);
export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system');

const system = matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(system.matches);
system.addEventListener('change', (event) => (systemDark.value = event.matches));

const printing = signal(false);
addEventListener('beforeprint', () => (printing.value = true));
addEventListener('afterprint', () => (printing.value = false));

/** Whether the page is dark now; charts are drawn anew when it changes. Paper is not. */
export const dark = computed(
  () => !printing.value && (theme.value === 'dark' || (theme.value === 'system' && systemDark.value)),
);

effect(() => {
  document.documentElement.dataset['theme'] = dark.value ? 'dark' : 'light';
});

export function setTheme(value: Theme): void {
  localStorage.setItem(kKey, value);
  theme.value = value;
}

/** The value of a colour token now. */
export const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
