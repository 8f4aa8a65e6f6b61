import {t} from '../text/language.ts';
import {Said} from './text.tsx';

/** A sentence of the knowledge with what is filled in later: parts that may be missing are left out, names stand apart. */
export function template(sentence: string): {text: string; slot: boolean}[] {
  let plain = sentence;
  // From the inside out: such parts may stand in one another.
  for (let former = ''; former !== plain; ) {
    former = plain;
    plain = plain.replace(/\[\?[^[\]]*\]/g, '');
  }
  return plain
    .split(/(\{\w+\})/)
    .filter(Boolean)
    .map((part) => (/^\{\w+\}$/.test(part) ? {text: part.slice(1, -1), slot: true} : {text: part, slot: false}));
}

export const Template = ({text}: {text: string}) => (
  <>
    {template(text).map((part, i) =>
      part.slot ? (
        <span key={i} class="slot">
          {part.text === 'entity' ? t('entity') : part.text}
        </span>
      ) : (
        <Said key={i} text={part.text} />
      ),
    )}
  </>
);

/** The same where only text fits. */
export const plainTemplate = (text: string) =>
  template(text)
    .map((part) => (part.slot ? `⟨${part.text === 'entity' ? t('entity') : part.text}⟩` : part.text))
    .join('');
