// Every page of which pictures are taken, and how each is brought to what the picture shows.

/** The language, colour scheme and width of a picture; its name ends so. */
export const kForms = ['wide', 'narrow'].flatMap((width) =>
  ['light', 'dark'].flatMap((scheme) => ['en', 'ja'].map((language) => ({width, scheme, language}))),
);

export const nameOf = ({width, scheme, language}) => `${width}-${scheme}-${language}`;

/** A browser's context in which a page has that form. */
export const contextOf = ({width, scheme, language}) => ({
  viewport: width === 'wide' ? {width: 1440, height: 900} : {width: 375, height: 760},
  colorScheme: scheme,
  locale: language === 'ja' ? 'ja-JP' : 'en-GB',
  timezoneId: 'Asia/Tokyo',
  reducedMotion: 'reduce',
});

/** [name, address, what to do there before the picture]; in this order, since the last signs somebody in. */
export async function pagesOf(base) {
  const incidents = (await (await fetch(`${base}/api/v1/incidents`)).json()).items;
  const incidentOf = (part) => incidents.find((i) => i.title.includes(part))?.id ?? incidents[0]?.id;
  return [
    ['incidents', '/'],
    ['investigation', `/incidents/${incidentOf('seatmap')}`],
    ['investigation-pool', `/incidents/${incidentOf('storefront')}`],
    [
      'evidence',
      `/incidents/${incidentOf('seatmap')}`,
      async (page) => {
        await page.locator('.answer .cite').first().click();
        await page.waitForSelector('.drawer');
      },
    ],
    [
      'ledger',
      `/incidents/${incidentOf('seatmap')}`,
      async (page) => {
        await page.locator('.hypothesis summary').first().click();
        await page.locator('#hypotheses').scrollIntoViewIfNeeded();
      },
    ],
    ['unclear', `/incidents/${incidentOf('near its limit')}`],
    ['alarms', '/alarms'],
    ['topology', '/topology'],
    ['accuracy', '/accuracy'],
    ['knowledge', '/knowledge'],
    ['mode', '/knowledge/oom-kill'],
    ['sources', '/sources'],
    ['settings', '/settings'],
    ['people', '/settings/people'],
    [
      'roles',
      '/settings/people',
      async (page) => {
        await page.locator('.person', {hasText: 'kenji'}).locator('button').first().click();
        await page.waitForSelector('dialog');
      },
    ],
    [
      'person-added',
      '/settings/people',
      async (page) => {
        await page.locator('#people .primary').click();
        await page.waitForSelector('dialog');
      },
    ],
    ['tokens', '/settings/tokens'],
    [
      'token-created',
      '/settings/tokens',
      async (page) => {
        await page.locator('#tokens .primary').click();
        await page.locator('dialog input').first().fill('nightly-export');
        await page.locator('dialog input[type=checkbox]').nth(1).check();
        await page.locator('dialog .primary').click();
        await page.waitForSelector('dialog .secret');
      },
    ],
    // The last, since from here on somebody is signed in.
    [
      'account',
      '/settings/account',
      async (page) => {
        await page.request.post(`${base}/api/v1/session`, {data: {user: 'ada', password: 'open sesame!'}});
        await page.reload();
        await page.waitForSelector('#sessions .person');
      },
    ],
  ];
}

/** Opens one of them. */
export async function open(page, base, [, address, act]) {
  await page.goto(base + address);
  await page.waitForSelector('h1');
  await page.waitForTimeout(350);
  if (act) await act(page);
}
