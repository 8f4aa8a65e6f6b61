import type {ComponentType} from 'preact';
import {useLoaded} from './load.ts';
import {Failure, Waiting} from './controls.tsx';

/** A part of the page that is fetched when it is first looked at. */
export function lazy(fetch: () => Promise<ComponentType>): ComponentType {
  return function Lazy() {
    const [loaded, again] = useLoaded(async () => ({part: await fetch()}), []);
    const {value, error} = loaded.value;
    if (error) return <Failure error={error} onRetry={again} />;
    if (!value) return <Waiting />;
    const Part = value.part;
    return <Part />;
  };
}
