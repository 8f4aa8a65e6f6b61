import type {ComponentChildren} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {t} from '../text/language.ts';
import {Icon} from './icons.tsx';

/** A dialog of the browser's own: it keeps the focus and closes with Escape, and with a click beside it unless it stays. */
export function Dialog({
  title,
  onClose,
  children,
  stays = false,
}: {
  title: string;
  onClose(): void;
  children: ComponentChildren;
  stays?: boolean;
}) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  return (
    <dialog
      ref={box}
      class="dialog"
      aria-labelledby="dialog-title"
      onClose={onClose}
      onClick={(e) => !stays && e.target === e.currentTarget && box.current?.close()}
    >
      <div class="dialog-in">
        <header>
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="quiet icon-only" aria-label={t('close')} onClick={() => box.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** Asks before something is done that others will notice. */
export function Confirm({
  title,
  says,
  action,
  onYes,
  onClose,
}: {
  title: string;
  says: string;
  action: string;
  onYes(): Promise<unknown>;
  onClose(): void;
}) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{says}</p>
      <footer>
        <button type="button" class="button" onClick={onClose}>
          {t('leave_it')}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={busy}
          onClick={async () => {
            setBusy(true);
            await onYes();
            onClose();
          }}
        >
          {action}
        </button>
      </footer>
    </Dialog>
  );
}
