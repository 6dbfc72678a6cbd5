import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { amountText } from '../../apps/web/amount.ts'
import { assert } from '../../kernel/assert.ts'
import { fen } from '../../kernel/money.ts'
import { seededRandom } from '../../kernel/random.ts'
import { addDays } from '../../kernel/time.ts'
import {
  MATCHING_CLASSES,
  type MatchingClass,
} from '../../modules/reconciliation/matching/classes.ts'
import type { NormalisedRow } from '../../modules/reconciliation/matching/row.ts'
import { PLANTED_DATE, plantSides } from '../../modules/reconciliation/testing/planted-sides.ts'
import { reconciliationWorld } from '../../modules/reconciliation/testing/world.ts'
import { systemActor } from '../../platform/principal.ts'
import { listFiles } from '../reconciliation/list-files.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { expectReadable, openConsole, SLOW_MS } from './desk.ts'
import { type OfficeBed, openOfficeBed } from './office-bed.ts'

// A day with a difference of every class there is: four lists of one cross-check, and three of another with a fund in
// it. From the red tile of the day to the wrong row it is three clicks for each.

/** One class after the other, on a page that is there already. */
const SOON_MS = 8_000
const MOST_CLICKS = 3
const DAY = PLANTED_DATE
/** The lists of the second cross-check: a hub, a hospital's system and a fund. */
const OF_FUND = ['ours', 'desks', 'fund'] as const
type FundLists = Record<(typeof OF_FUND)[number], NormalisedRow[]>

const PLANTED = plantSides(seededRandom('three clicks'), 0, 1)

const FUND_RULES = {
  id: 'with_fund',
  sides: [
    { name: 'ours', role: 'hub' },
    { name: 'desks', role: 'his' },
    { name: 'fund', role: 'party' },
  ],
  relations: [
    {
      id: 'trades',
      form: 'rows',
      sides: [...OF_FUND],
      kinds: ['charge'],
      key: { id: 'number', columns: { ours: 'our_no', desks: 'our_no', fund: 'our_no' } },
      same: [],
      toleranceFen: 0,
      dateWindowDays: 0,
      passes: [],
    },
  ],
  carryOver: { days: 0, windowMinutes: 0 },
}

const fundRow = (ourNo: string, lineNo: number, amountFen: number): NormalisedRow => ({
  lineNo,
  kind: 'charge',
  ourNo,
  providerNo: null,
  amountFen: fen(amountFen),
  feeFen: null,
  occurredAt: `${DAY}T10:00:00+08:00`,
  businessDate: DAY,
  account: null,
  memo: null,
})

const FUND = plantFund()

/** Of which cross-check a class is found, and by which number or amount its row is known. */
const PLACES = new Map<MatchingClass, { plan: string; sign: string }>(
  [...PLANTED.expected.map((line) => ({ plan: 'four-way', line })), ...FUND.expected].map(
    ({ plan, line }) => {
      const [cls = '', name = ''] = line.split(' ')
      const sign = name.startsWith('#') ? amountText(Number(name.slice(1))) : name
      return [cls as MatchingClass, { plan, sign }]
    },
  ),
)

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('from the red tile', { timeout: 60_000 }, () => {
  let bed: OfficeBed
  let browser: Browser
  let folder: string
  let page: Page
  let problems: string[]

  beforeAll(async () => {
    await buildWeb()
    folder = await mkdtemp(join(tmpdir(), 'three-clicks-'))
    bed = await openOfficeBed(WEB_ROOT, { name: 'from the red tile', people: 10 })
    await compareAll(bed, folder)
    browser = await launchBrowser()
    const login = staffLogin(bed.hospitalId, 'finance')
    page = await openConsole(browser, { hubUrl: bed.hubUrl, login, path: `/?date=${DAY}` })
    problems = collectProblems(page)
    await page.evaluate(
      `addEventListener('click', () => (window.clicks = (window.clicks ?? 0) + 1), true)`,
    )
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
    if (folder) await rm(folder, { recursive: true })
  })

  it('[B3] the day says what is to be done: its closing, and how old its cases are', async () => {
    await page.getByRole('heading', { name: '未了结工单账龄' }).waitFor({ timeout: SLOW_MS })
    await page.getByRole('heading', { name: /^关账/ }).waitFor({ timeout: SLOW_MS })
    expect(await page.locator('.tile-alert').count()).toBeGreaterThanOrEqual(2)
    await expectReadable(page)
  })

  it.each(Object.keys(MATCHING_CLASSES) as MatchingClass[])(
    '[B3] the wrong row is three clicks away: %s',
    async (cls) => {
      const place = PLACES.get(cls)
      assert(place, `one of ${cls} is planted`)
      const tile = page
        .locator('.tile-alert')
        .getByRole('link', { name: new RegExp(`^核对 ${place.plan}`) })
      await tile.waitFor({ timeout: SOON_MS })
      const before = await clicksOn(page)
      await tile.click()
      await page
        .locator('.class-tiles')
        .getByRole('link', { name: MATCHING_CLASSES[cls].zh, exact: true })
        .click({ timeout: SOON_MS })
      const list = page.getByRole('region', { name: new RegExp(MATCHING_CLASSES[cls].zh) })
      const row = list.getByRole('row').filter({ hasText: place.sign })
      await row.getByRole('link').first().click({ timeout: SOON_MS })
      const rows = list.getByRole('article').getByRole('table').first()
      await rows.waitFor({ timeout: SOON_MS })
      const words = await list.getByRole('article').innerText()
      const clicks = (await clicksOn(page)) - before
      await page.evaluate(`history.go(-${MOST_CLICKS})`)
      expect(words).toContain(place.sign)
      expect(clicks).toBeLessThanOrEqual(MOST_CLICKS)
    },
  )

  it('has found nothing wrong on any of these pages', () => {
    expect(problems).toEqual([])
  })
})

const clicksOn = (page: Page): Promise<number> => page.evaluate<number>('window.clicks ?? 0')

/** Has both cross-checks agreed on by two people, and compares the lists of the day as the worker does. */
async function compareAll({ db, hospitalId }: OfficeBed, folder: string): Promise<void> {
  const { put, listFile } = listFiles(folder)
  for (const [source, rows] of Object.entries({ ...PLANTED.rows, ...FUND.rows })) {
    await put(source, DAY, rows)
  }
  const matchingFolder = join(folder, 'runs')
  const world = reconciliationWorld(db, addDays(DAY, 1))
  const { crossChecks } = world.make({ listFile, matchingFolder })
  const plans = { 'four-way': PLANTED.rules, 'with-fund': FUND.rules }
  for (const [name, rules] of Object.entries(plans)) {
    const inputs = Object.fromEntries(
      rules.sides.map((side) => [side.name, { from: 'file', source: side.name }]),
    )
    const content = { isActive: true, inputs, rules }
    const wish = { name, validFrom: DAY, content }
    const id = await crossChecks.propose(hospitalId, wish, systemActor('one'))
    const agreed = { agrees: true, reason: 'as agreed' }
    await crossChecks.decide({ hospitalId, id }, agreed, systemActor('another'))
    await crossChecks.again(hospitalId, { name, date: DAY })
  }
  expect(await crossChecks.sweep(hospitalId)).toBe(2)
}

/** What can differ about a party that is neither hub nor hospital: one of each. */
function plantFund() {
  const rows: FundLists = { ours: [], desks: [], fund: [] }
  const put = (no: string, on: readonly (keyof FundLists)[], amountFen = 10_000) => {
    for (const list of on) rows[list].push(fundRow(`F${no}`, rows[list].length + 1, amountFen))
  }
  put('1', OF_FUND)
  put('2', ['fund'])
  put('3', ['ours', 'desks'])
  put('4', ['ours', 'desks'])
  put('4', ['fund'], 10_001)
  put('5', OF_FUND)
  put('5', ['fund'])
  const classes = ['party_only F2', 'party_missing F3', 'amount_party F4', 'duplicate_party F5']
  const expected = classes.map((line) => ({ plan: 'with-fund', line }))
  return { rows, expected, rules: FUND_RULES }
}
