import { readFile } from 'node:fs/promises'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { fen } from '../../kernel/money.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { reconciliationWorld } from '../../modules/reconciliation/testing/world.ts'
import { systemClock } from '../../platform/system.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { expectReadable, openConsole, signedIn, SLOW_MS } from './desk.ts'
import { type OfficeBed, openOfficeBed, SECOND_LOGIN } from './office-bed.ts'

// A day on which a wallet says otherwise, in a real browser: from the red tile to the wrong transaction, and two people who
// close what it leaves.

const DAY = addDays(businessDateOf(systemClock.now()), -2)

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('a reconciled day', { timeout: 180_000 }, () => {
  let bed: OfficeBed
  let browser: Browser

  beforeAll(async () => {
    await buildWeb()
    bed = await openOfficeBed(WEB_ROOT, { name: 'a reconciled day', people: 10 })
    const world = reconciliationWorld(bed.db, DAY)
    await world.pay('B1', [20_000])
    await world.pay('B2', [30_000])
    world.wallet.script.relist = (lines, date) => {
      const [first, ...others] = lines
      if (date !== DAY || !first) return lines
      const wrong = { ...first, amountFen: fen(first.amountFen + 5) }
      const strange = { ...first, ourNo: '=STRANGE', providerNo: '42000023', amountFen: fen(2_850) }
      return [wrong, ...others, strange]
    }
    await world.passTo(addDays(DAY, 1), '10:20:00')
    browser = await launchBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const consoleOf = (login: string, path: string) =>
    openConsole(browser, { hubUrl: bed.hubUrl, login, path })

  const finance = () => staffLogin(bed.hospitalId, 'finance')

  /** What a button saves, under which name. */
  async function savedBy(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: button }).click({ timeout: SLOW_MS })
    const saved = await saving
    return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) }
  }

  it.each([
    ['金额差', '¥0.05', /\/payments\/[0-9a-f-]{36}/, 'B1'],
    ['对方多', '¥28.50', /\/cases\/[0-9a-f-]{36}/, '=STRANGE'],
  ])(
    '[B3] three clicks from the red tile to the transaction: %s',
    async (words, gap, address, transaction) => {
      const page = await consoleOf(finance(), `/?date=${DAY}`)
      const problems = collectProblems(page)
      await page.getByRole('link', { name: /^差异/ }).click({ timeout: SLOW_MS })
      const bar = page.getByRole('table', { name: /：从我方到对方$/ }).getByRole('row', {
        name: new RegExp(`^${words}`),
      })
      await bar.waitFor({ timeout: SLOW_MS })
      expect((await bar.innerText()).replaceAll(/\s+/g, ' ')).toContain(gap)
      await expectReadable(page)
      await bar.getByRole('link').click()
      const found = page.getByRole('table', { name: '差异', exact: true }).getByRole('row')
      await expect.poll(() => found.count(), { timeout: SLOW_MS }).toBe(3)
      const row = found.nth(2)
      await row.getByRole('link').first().click()
      await page.getByRole('main').getByText(transaction).first().waitFor({ timeout: SLOW_MS })
      expect(page.url()).toMatch(address)
      expect(problems).toEqual([])
      await page.context().close()
    },
  )

  it('[B3] the tile leads nowhere before it is known what the day had', async () => {
    const page = await signedIn(browser, { hubUrl: bed.hubUrl, login: finance() })
    let answer = () => {}
    const isAnswered = new Promise<void>((resolve) => (answer = resolve))
    await page.route(/\/reconciliation\/days\?/, async (route) => {
      await isAnswered
      await route.continue()
    })
    await page.goto(`${bed.hubUrl}/console/?date=${DAY}`)
    const tile = page.getByRole('listitem').filter({ hasText: /^差异/ })
    await tile.waitFor({ timeout: SLOW_MS })
    expect(await tile.getByRole('link').count()).toBe(0)
    answer()
    await tile.getByRole('link', { name: '2 笔' }).waitFor({ timeout: SLOW_MS })
    await page.context().close()
  })

  it('every list leaves as a file, with the filter of the screen and nothing to compute', async () => {
    const page = await consoleOf(finance(), `/reconciliation/day?date=${DAY}&class=theirs_only`)
    const csv = await savedBy(page, '导出 CSV')
    expect(csv.name).toBe(`differences-${DAY}.csv`)
    const [, ...rows] = csv.bytes.toString('utf8').trim().split('\r\n')
    expect(rows).toHaveLength(1)
    expect(rows[0]).toContain(`,'=STRANGE,`)
    const book = await savedBy(page, '导出表格')
    expect(book.name).toBe(`differences-${DAY}.xlsx`)
    expect(book.bytes.subarray(0, 2).toString()).toBe('PK')
    await page.context().close()
  })

  it('[B3] one of finance proposes how a case is closed in the books, another agrees', async () => {
    const desk = await consoleOf(finance(), '/cases')
    const problems = collectProblems(desk)
    await desk.getByRole('button', { name: /个/ }).first().waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('link', { name: '对方多' }).click()
    const adjust = desk.getByRole('region', { name: '调账' })
    await adjust.getByLabel('理由与依据').fill('来款不认识，先挂账', { timeout: SLOW_MS })
    await expectReadable(desk)
    await adjust.getByRole('button', { name: '提请复核' }).click()
    await adjust.getByText('等待另一位财务复核。').waitFor({ timeout: SLOW_MS })
    const path = new URL(desk.url()).pathname.replace('/console', '')
    expect(problems).toEqual([])
    await desk.context().close()

    const other = await consoleOf(SECOND_LOGIN, path)
    await other.getByRole('button', { name: '同意并记账' }).click({ timeout: SLOW_MS })
    await other.getByText('已调账').first().waitFor({ timeout: SLOW_MS })
    await other.getByText('长款挂账：来款不认识，先挂账').waitFor({ timeout: SLOW_MS })
    await expectReadable(other)
    await other.setViewportSize({ width: 390, height: 844 })
    const width = await other.evaluate<number>('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(390)
    await other.context().close()
  })
})
