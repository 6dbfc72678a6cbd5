import { readFile } from 'node:fs/promises'

import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type BillRow, tradeBill } from '../../adapters/channels/wechatpay/testing/bills.ts'
import { DEMO_PASSWORD, staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { systemActor } from '../../platform/principal.ts'
import { systemClock } from '../../platform/system.ts'
import {
  collectProblems,
  desktopPage,
  launchBrowser,
  phonePage,
  skipWithoutBrowser,
} from '../setup/browser.ts'
import { expectReadable, SLOW_MS } from './desk.ts'
import { enter, hasFocus, tabTo } from './keyboard.ts'
import { type OfficeBed, openOfficeBed } from './office-bed.ts'

// The lists of a source in a real browser, without a mouse: one that is missing is handed in, a broken one is refused by
// name and kept, one that was given out again shows what it says otherwise.

const SOURCE = 'wechat-fund'
const DAY = addDays(businessDateOf(systemClock.now()), -3)

const row = (i: number, amountFen: number): BillRow => ({
  state: 'SUCCESS',
  time: `${DAY} 09:30:00`,
  transactionId: `42000023122026112000000000${i}`,
  tradeNo: `P${i}`,
  amountFen,
  feeUnits: 0,
  product: '=门诊',
})
const FIRST = tradeBill([row(1, 10_000), row(2, 2_850), row(3, 5_000)])
const BROKEN = tradeBill([row(1, 10_000), row(2, 2_850)], { totals: { 订单总金额: '1.00' } })
const AGAIN = tradeBill([row(1, 10_000), row(2, 2_950), row(4, 5_000)])

// Without a browser there is nothing to press a key in.
describe.skipIf(skipWithoutBrowser)('statements in the console', { timeout: 180_000 }, () => {
  let bed: OfficeBed
  let browser: Browser

  beforeAll(async () => {
    await buildWeb()
    bed = await openOfficeBed(WEB_ROOT, { name: 'statements in the console', people: 10 })
    const schedule = {
      source: SOURCE,
      layout: 'wechat-trade',
      account: null,
      namePattern: null,
      firstDate: addDays(DAY, -5),
      dayOffset: 1,
      expectedAt: '10:00',
      lateAt: '12:00',
      missingAt: '15:00',
      calendar: 'every_day',
      daysOff: [],
      daysOn: [],
      isActive: true,
    } as const
    await bed.hub.statementFiles.schedule(bed.hospitalId, schedule, systemActor('test'))
    await bed.hub.statementFiles.sweep(bed.hospitalId)
    browser = await launchBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  async function signIn(page: Page): Promise<void> {
    await page.goto(`${bed.hubUrl}/console/sign-in`)
    const login = page.getByLabel('登录名')
    await tabTo(page, login)
    await page.keyboard.type(staffLogin(bed.hospitalId, 'finance'))
    await page.keyboard.press('Tab')
    await page.keyboard.type(DEMO_PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('navigation').first().waitFor({ timeout: SLOW_MS })
  }

  /** Through the button, as the file dialogue itself belongs to the system. */
  async function handIn(page: Page, name: string, text: string): Promise<void> {
    const choosing = page.waitForEvent('filechooser')
    await enter(page, page.getByRole('button', { name: '选择文件' }))
    const chooser = await choosing
    await chooser.setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  }

  /** What a button saves, under which name. */
  async function savedBy(page: Page, button: string): Promise<{ name: string; text: string }> {
    const saving = page.waitForEvent('download')
    await enter(page, page.getByRole('button', { name: button }))
    const saved = await saving
    return { name: saved.suggestedFilename(), text: await readFile(await saved.path(), 'utf8') }
  }

  const outcome = (page: Page, words: string): Locator =>
    page.getByRole('list', { name: '送交进度' }).getByText(words)

  const cellOf = (page: Page, state: string): Locator =>
    page.getByRole('link', { name: `${SOURCE} ${DAY} ${state}` })

  it('[B2] what is missing is handed in, refused by name, and given out again', async () => {
    const page = await desktopPage(browser)
    const problems = collectProblems(page)
    await signIn(page)
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await page.getByRole('heading', { name: '对账单', exact: true }).waitFor({ timeout: SLOW_MS })
    await page.goto(`${bed.hubUrl}/console/statements?date=${DAY}`)

    // Into the month by the tab key, and within it by the arrows.
    const first = page.getByRole('link', { name: new RegExp(`^${SOURCE} .* 缺失$`) }).first()
    await tabTo(page, first)
    for (let step = 0; step < 40; step++) {
      if (await hasFocus(page, cellOf(page, '缺失'))) break
      await page.keyboard.press('ArrowRight')
    }
    await page.keyboard.press('Enter')
    await page.getByText('这个来源这一天还没有收到文件。').waitFor({ timeout: SLOW_MS })
    await expectReadable(page)

    await handIn(page, 'first.csv', FIRST)
    await outcome(page, '已采用，3 行').waitFor({ timeout: SLOW_MS })
    await cellOf(page, '已到').waitFor({ timeout: SLOW_MS })

    await handIn(page, 'broken.csv', BROKEN)
    await outcome(page, '已拒收：逐行相加与文件合计不符').waitFor({ timeout: SLOW_MS })
    await expectReadable(page)
    await enter(page, page.getByRole('link', { name: '查看 broken.csv' }))
    await page.getByRole('heading', { name: /拒收原因：逐行相加与文件合计不符/ }).waitFor()
    await expectReadable(page)
    expect(await savedBy(page, '下载原文件')).toEqual({ name: 'broken.csv', text: BROKEN })
    await page.goBack()

    await handIn(page, 'again.csv', AGAIN)
    await outcome(page, '已采用，3 行').waitFor({ timeout: SLOW_MS })
    await cellOf(page, '重出').waitFor({ timeout: SLOW_MS })
    await enter(page, page.getByRole('link', { name: 'again.csv', exact: true }))
    await page.getByText('比前一版：新增 1、删除 1、改动 1').waitFor({ timeout: SLOW_MS })
    await enter(page, page.getByRole('link', { name: '与前一版不同 3' }))
    for (const words of [/^改前 .*¥28\.50$/, /^改后 .*¥29\.50$/, /^新增 .*P4/, /^删除 .*P3/]) {
      await page.getByRole('row', { name: words }).waitFor({ timeout: SLOW_MS })
    }
    await expectReadable(page)
    expect((await savedBy(page, '明细 CSV')).text).toContain(`,'=门诊`)
    expect(problems).toEqual([])
    await page.context().close()
  })

  it('finance says when a source is late, and a file can be dropped', async () => {
    const page = await desktopPage(browser)
    const problems = collectProblems(page)
    await signIn(page)
    await page.goto(`${bed.hubUrl}/console/statements?date=${addDays(DAY, -1)}&source=${SOURCE}`)
    await enter(page, page.getByRole('button', { name: `修改 ${SOURCE} 的时间表` }))
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('逾时时间').fill('16:00')
    await dialog.getByText('三个时间要依次不早于前一个。').waitFor()
    expect(await dialog.getByRole('button', { name: /^保 ?存$/ }).isDisabled()).toBe(true)
    await dialog.getByLabel('报缺时间').fill('18:30')
    await expectReadable(page)
    await enter(page, dialog.getByRole('button', { name: /^保 ?存$/ }))
    await page.getByText(/10:00 \/ 16:00 \/ 18:30/).waitFor({ timeout: SLOW_MS })

    const place = page.locator('.drop-place')
    const files = await page.evaluateHandle(
      `(() => { const data = new DataTransfer()
        data.items.add(new File(['not a bill'], 'dropped.csv'))
        return data })()`,
    )
    await place.dispatchEvent('drop', { dataTransfer: files })
    await page.getByText(/^已拒收：/).waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
    await page.context().close()
  })

  it('a phone scrolls no page sideways', async () => {
    const phone = await phonePage(browser)
    await signIn(phone)
    await phone.goto(`${bed.hubUrl}/console/statements?date=${DAY}&source=${SOURCE}`)
    await phone.getByRole('link', { name: 'again.csv' }).waitFor({ timeout: SLOW_MS })
    const widthOf = () => phone.evaluate<number>('document.documentElement.scrollWidth')
    expect(await widthOf()).toBeLessThanOrEqual(390)
    await phone.getByRole('link', { name: 'again.csv' }).click()
    await phone.getByText('比前一版：新增 1、删除 1、改动 1').waitFor({ timeout: SLOW_MS })
    expect(await widthOf()).toBeLessThanOrEqual(390)
    await phone.close()
  })
})
