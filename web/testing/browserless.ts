// What modules of the page ask of a browser while they are loaded, for tests without one.
const kept = new Map<string, string>();
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
};
const nothing = () => undefined;
const stubs = {
  localStorage: storage,
  sessionStorage: storage,
  location: {pathname: '/', search: '', href: 'http://127.0.0.1/', origin: 'http://127.0.0.1'},
  document: {
    addEventListener: nothing,
    removeEventListener: nothing,
    documentElement: {dataset: {}, lang: 'en'},
    hidden: true,
  },
  addEventListener: nothing,
  removeEventListener: nothing,
  history: {pushState: nothing, replaceState: nothing},
  matchMedia: () => ({matches: false, addEventListener: nothing}),
  setInterval: () => 0,
};
for (const [name, value] of Object.entries(stubs))
  Object.defineProperty(globalThis, name, {value, configurable: true, writable: true});
Object.defineProperty(globalThis, 'navigator', {value: {languages: ['en-GB']}, configurable: true});
