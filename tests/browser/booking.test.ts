import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addMs, SECOND_MS } from '../../kernel/time.ts'
import { systemClock } from '../../platform/system.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import {
  type ClinicBed,
  expectNarrow,
  HOSPITAL,
  openClinicBed,
  phoneOf,
  WALLET_PASSWORD,
} from './clinic-bed.ts'
import { SLOW_MS, violationsOn } from './desk.ts'

// A number from the search to the money back, on a phone: the hub, the work a device does, the wallet and the worker are
// those of the demo.

const FOLDER = process.env.YIQIAO_SCREENS

// Without a browser there is nothing to press.
describe.skipIf(skipWithoutBrowser)('booking on the phone', { timeout: 240_000 }, () => {
  let bed: ClinicBed
  let browser: Browser

  beforeAll(async () => {
    bed = await openClinicBed()
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const picture = async (page: Page, name: string) => {
    if (FOLDER) await page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true })
  }

  /** Axe finds nothing, nothing scrolls sideways, also with the large letters. */
  async function expectGood(page: Page, name: string) {
    expect(await violationsOn(page)).toEqual([])
    await expectNarrow(page)
    await picture(page, name)
    await page.evaluate(`document.documentElement.classList.add('elder')`)
    expect(await violationsOn(page)).toEqual([])
    await expectNarrow(page)
    await picture(page, `${name}-elder`)
    await page.evaluate(`document.documentElement.classList.remove('elder')`)
  }

  const see = (page: Page, words: string | RegExp) =>
    page.getByText(words).first().waitFor({ timeout: SLOW_MS })

  it('[J1] [F1] is found, held, paid, seen on the first page, cancelled, and the money comes back', async () => {
    await bed.session({ doctor: '钱学敏', days: 3, feeFen: 2_500, total: 3 })
    const phone = await phoneOf(browser, bed, '自费')
    const problems = collectProblems(phone)
    await phone.goto(`${bed.hubUrl}/patient/`)
    await phone.getByRole('link', { name: '预约挂号' }).click({ timeout: SLOW_MS })
    await phone
      .getByRole('combobox', { name: '医院' })
      .selectOption(String(HOSPITAL), { timeout: SLOW_MS })
    await phone.getByRole('group', { name: '日期' }).getByRole('button').nth(3).click()
    await phone.getByRole('region', { name: '睡眠门诊' }).waitFor({ timeout: SLOW_MS })
    await expectGood(phone, 'book')
    await phone.getByRole('searchbox', { name: '找医生或科室' }).fill('学敏')
    await phone.getByRole('link', { name: /钱学敏/ }).click()
    await phone.getByRole('button', { name: /^2 号/ }).click({ timeout: SLOW_MS })
    await see(phone, '共 3 个号，还有 3 个')
    await expectGood(phone, 'book-session')
    await phone.getByRole('button', { name: '占号并支付 ¥25.00' }).click()

    await phone.getByRole('button', { name: /支付 ¥25\.00/ }).click({ timeout: SLOW_MS })
    await phone.locator('input[type=password]').fill(WALLET_PASSWORD, { timeout: SLOW_MS })
    await phone.getByRole('button', { name: '确认支付' }).click()
    await see(phone, '支付成功')

    await phone.goto(`${bed.hubUrl}/patient/`)
    const next = phone.getByRole('region', { name: '下一个预约' })
    await next.getByText('预约成功').waitFor({ timeout: SLOW_MS })
    await next.getByText('钱学敏').waitFor({ timeout: SLOW_MS })
    await expectGood(phone, 'book-home')
    await next.getByRole('link').click()
    const card = phone.getByRole('article', { name: /钱学敏/ })
    await card.getByText('2 号').waitFor({ timeout: SLOW_MS })
    await card.getByText('已付挂号费 ¥25.00').waitFor({ timeout: SLOW_MS })
    await expectGood(phone, 'book-mine')
    await card.getByRole('button', { name: '取消预约' }).click()
    await see(phone, '挂号费 ¥25.00 全部原路退回。号会给别人。')
    await picture(phone, 'book-cancel')
    await phone.getByRole('button', { name: '确认取消' }).click()
    await see(phone, /正在原路退回 ¥25\.00|以前的预约/)
    await phone.getByText('以前的预约 1 个').click({ timeout: SLOW_MS })
    await see(phone, '已退回 ¥25.00')
    await expectGood(phone, 'book-returned')
    expect(problems).toEqual([])
    await phone.context().close()
  })

  it('[J1] sold out meanwhile is said, waited for, offered when it comes back, and taken', async () => {
    const session = await bed.session({ doctor: '孙候', days: 4, feeFen: 0, total: 1 })
    const phone = await phoneOf(browser, bed, '自费')
    await phone.goto(bed.hubUrl + bed.pathOf(session))
    const take = phone.getByRole('button', { name: '确认挂号' })
    await take.waitFor({ timeout: SLOW_MS })
    const other = await bed.atWindow('居民医保', session)
    await take.click()
    await see(phone, '号已约满。可以换时段，或加入候补。')
    await phone.getByRole('button', { name: '加入候补' }).click({ timeout: SLOW_MS })
    await see(phone, '正在候补，有号会为您保留。')
    await expectGood(phone, 'book-waiting')
    const mine = `/v1/hospitals/${HOSPITAL}/my-appointments/${other.id}/cancellation`
    await bed.api.patient('居民医保', mine, { method: 'POST' })
    await see(phone, '已为您保留一个号，请到“我的预约”确认。')
    await picture(phone, 'book-offered')
    await phone.getByRole('link', { name: '我的预约' }).click()
    const card = phone.getByRole('article', { name: /孙候/ })
    await card.getByText(/为您保留约 \d+ 分钟/).waitFor({ timeout: SLOW_MS })
    await expectGood(phone, 'book-held')
    await card.getByRole('button', { name: '确认挂号' }).click()
    await card.getByText('预约成功').waitFor({ timeout: SLOW_MS })
    expect(await card.getByRole('button', { name: '取消预约' }).isVisible()).toBe(true)
    await phone.context().close()
  })

  it('[J1] says in plain words how many a day there are, and that somebody who did not come waits', async () => {
    const endsAt = addMs(systemClock.now(), 25 * SECOND_MS)
    const missed = await bed.session({ doctor: '周未到', days: 0, feeFen: 0, total: 1, endsAt })
    const { id } = await bed.atWindow('职工医保', missed)
    const [first, second] = await Promise.all([
      bed.session({ doctor: '郑二', days: 6, feeFen: 0, total: 2, department: '甲' }),
      bed.session({ doctor: '王三', days: 6, feeFen: 0, total: 2, department: '乙' }),
    ])
    await bed.rules({ caps: { ...CAPS, perDay: 1 } })
    const phone = await phoneOf(browser, bed, '居民医保')
    await phone.goto(bed.hubUrl + bed.pathOf(first))
    await phone.getByRole('button', { name: '确认挂号' }).click({ timeout: SLOW_MS })
    await see(phone, '预约成功')
    await phone.goto(bed.hubUrl + bed.pathOf(second))
    await phone.getByRole('button', { name: '确认挂号' }).click({ timeout: SLOW_MS })
    await see(phone, '同一天最多预约 1 次。')
    await expectGood(phone, 'book-too-many')
    await phone.context().close()

    await expect
      .poll(() => systemClock.now() > endsAt, { timeout: SLOW_MS, interval: SECOND_MS })
      .toBe(true)
    const marks = `/v1/hospitals/${HOSPITAL}/appointments/${id}/marks`
    await bed.api.staff('it', marks, { method: 'POST', body: { as: 'no_show' } })
    const absent = await phoneOf(browser, bed, '职工医保')
    await absent.goto(bed.hubUrl + bed.pathOf(second))
    await absent.getByRole('button', { name: '确认挂号' }).click({ timeout: SLOW_MS })
    await see(absent, /因有爽约，.+ 之前不能预约。/)
    await picture(absent, 'book-blocked')
    await absent.context().close()
  })
})

const CAPS = { perDay: 9, perWeek: 9, perQuarter: 50, perDeviceADay: 99, perPhoneADay: 99 }
