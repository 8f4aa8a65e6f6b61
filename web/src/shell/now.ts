import {signal} from '@preact/signals';

/** The time, to the ten seconds: what is shown as an age follows it. */
export const now = signal(new Date());
setInterval(() => {
  if (!document.hidden) now.value = new Date();
}, 10_000);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) now.value = new Date();
});
