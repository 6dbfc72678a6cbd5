import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { amountText } from '../../apps/web/amount.ts'
import { assert } from '../../kernel/assert.ts'
import { parseYuan } from '../../kernel/money.ts'
import { collectProblems, launchBrowser, phonePage, skipWithoutBrowser } from '../setup/browser.ts'
import { type CreditBed, openCreditBed } from './credit-bed.ts'
import { SLOW_MS, violationsOn } from './desk.ts'

// Somebody without a limit asks for one, has a bill paid by it, and repays: on a phone, in the version for older people
// too, and with the yearly rate beside everything that is lent.

const LENDER = '鹿城商业银行'
const BANK = '瓯江银行'
/** All of what somebody without insurance is granted. */
const LIMIT_FREE = /现在可用\s+¥2,000\.00/

// Run in the page, whose language this file is not checked in.
const WIDTHS = `({
  scrollWidth: document.documentElement.scrollWidth,
  clientWidth: document.documentElement.clientWidth,
})`
type Widths = { scrollWidth: number; clientWidth: number }

/** The amount in a text, as '还剩要还 ¥1,234.50'. */
function fenOf(text: string): number {
  const fen = parseYuan(/[\d,]+\.\d\d/.exec(text)?.[0].replaceAll(',', '') ?? '')
  assert(fen !== null, `an amount is in: ${text}`)
  return fen
}

// Without a browser the whole file is left out, and bin/test says so loudly.
describe.skipIf(skipWithoutBrowser)('treated first, paid later', { timeout: 180_000 }, () => {
  let bed: CreditBed
  let browser: Browser
  let phone: Page
  let problems: string[]

  beforeAll(async () => {
    await buildWeb()
    bed = await openCreditBed(WEB_ROOT)
    browser = await launchBrowser()
    phone = await phonePage(browser)
    problems = collectProblems(phone)
    await phone.goto(`${bed.hubUrl}/patient/`)
    await phone.getByRole('button', { name: /自费/ }).first().click({ timeout: SLOW_MS })
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const wordsOn = (page: Page) => page.locator('body').innerText()
  /** Sound in both versions: nothing for axe to find, and nothing to be scrolled sideways. */
  const check = async (name: string) => {
    for (const elder of ['false', 'true']) {
      await phone.evaluate(`document.documentElement.classList.toggle('elder', ${elder})`)
      expect(await violationsOn(phone), name).toEqual([])
      const { scrollWidth, clientWidth } = (await phone.evaluate(WIDTHS)) as Widths
      expect(scrollWidth, name).toBeLessThanOrEqual(clientWidth)
    }
    await phone.evaluate(`document.documentElement.classList.remove('elder')`)
  }

  it('[N5] shows what can be applied for, each way with its yearly rate', async () => {
    await phone.getByRole('link', { name: '先诊后付' }).click({ timeout: SLOW_MS })
    await phone.getByRole('heading', { name: '可以申请的' }).waitFor({ timeout: SLOW_MS })
    await phone.getByText(LENDER).first().waitFor({ timeout: SLOW_MS })
    const offers = await wordsOn(phone)
    expect(offers).toContain(LENDER)
    expect(offers).toMatch(/年化利率 0\.00% 至 6\.58%/)
    await check('1-offers')
  })

  it('[N5] is applied for after the text, and answered with reasons', async () => {
    await phone
      .getByRole('article')
      .filter({ hasText: '信用就医（可分期）' })
      .getByRole('link')
      .click()
    await phone.getByRole('heading', { name: '到期后怎么还' }).waitFor({ timeout: SLOW_MS })
    expect((await wordsOn(phone)).match(/年化利率 \d+\.\d\d%/g)).toEqual([
      '年化利率 0.00%',
      '年化利率 4.80%',
      '年化利率 4.80%',
      '年化利率 6.58%',
    ])
    await check('2-terms')
    await phone.getByRole('button', { name: '下一步：看协议' }).click()
    const apply = phone.getByRole('button', { name: '同意并申请' })
    expect(await apply.isDisabled()).toBe(true)
    expect(await wordsOn(phone)).toContain('人工复核')
    await check('3-consent')
    await phone.getByRole('checkbox').check()
    await apply.click()
    await phone.getByRole('heading', { name: '申请通过' }).waitFor({ timeout: SLOW_MS })
    expect(await wordsOn(phone)).toMatch(/每个人的基本分[^]*加 500 分/)
    await check('4-decision')
    await phone.getByRole('link', { name: '看我的额度' }).click()
    await phone.getByText('现在可用').first().waitFor({ timeout: SLOW_MS })
    expect(await wordsOn(phone)).toMatch(LIMIT_FREE)
    await check('5-limit')
  })

  it('[N5] pays a bill where the payer wants it, and says when and at which rate', async () => {
    await phone.goto(`${bed.hubUrl}/patient/`)
    await phone.getByText('去支付').first().click({ timeout: SLOW_MS })
    const use = phone.getByRole('switch', { name: '先诊疗后付费，以后再还' })
    await use.waitFor({ timeout: SLOW_MS })
    await check('8-plan')
    await use.click()
    await phone.getByText('信用付').first().waitFor({ timeout: SLOW_MS })
    expect(await wordsOn(phone)).toMatch(/年化利率 0\.00%（单利）/)
    await check('9-plan-credit')
    await phone.getByRole('button', { name: /^确认，先诊后付 ¥/ }).click()
    await phone.getByText('支付成功').first().waitFor({ timeout: SLOW_MS })
    expect(await wordsOn(phone)).toMatch(/没有扣现金，记入先诊后付 ¥/)
    await check('10-result')
  })

  it('[N5] shows the schedule, and instalments with their rate to agree to', async () => {
    await phone.goto(`${bed.hubUrl}/patient/credit`)
    const owed = phone.getByRole('region', { name: '要还的钱' })
    await owed.getByRole('link').first().waitFor({ timeout: SLOW_MS })
    await check('11-owed')
    await owed.getByRole('link').first().click()
    await phone.getByText('还剩要还').waitFor({ timeout: SLOW_MS })
    await check('12-loan')
    await phone.getByRole('link', { name: '改成分期还' }).click()
    await phone.getByText('总共还').first().waitFor({ timeout: SLOW_MS })
    await check('13-ways')
    await phone.getByRole('button', { name: '选这一种' }).first().click()
    await phone.getByRole('button', { name: '同意' }).click()
    await phone.locator('.instalment').nth(5).waitFor({ timeout: SLOW_MS })
    expect(await phone.locator('.instalment').count()).toBe(6)
    expect(await wordsOn(phone)).toMatch(/年化利率 4\.\d\d%/)
    await check('14-instalments')
    // Where there is room it is a table, with a row for the heads.
    await phone.setViewportSize({ width: 1280, height: 900 })
    const rows = phone.getByRole('table', { name: '每一期' }).getByRole('row')
    expect(await rows.count()).toBe(7)
    await check('14-table')
    await phone.setViewportSize({ width: 390, height: 844 })
  })

  it('[N7] waits for the bank to have the money, and is repaid once it says so', async () => {
    const before = await remaining()
    const amount = await repay(/下一期的金额/, '15-repay')
    // A bank that only wants the ledger takes the money by its own means: nothing is repaid before it says so.
    const outcome = phone.locator('.story-head')
    await outcome.getByText('等银行收款').waitFor({ timeout: SLOW_MS })
    const words = await wordsOn(phone)
    expect(words).toContain('请勿重复还款，结果会自动显示。')
    expect(words).toContain(`请在还款账户备足 ${amount}，或到${LENDER}柜台、手机银行还。`)
    expect(words).toContain('银行没收到，这次就作废，可以再还。')
    await check('16-waiting')
    const asked = await bed.bank.receiveAll()
    expect(asked.map(({ source, amountFen }) => [source, amountFen])).toEqual([
      ['payer', fenOf(amount)],
    ])
    // By itself: nobody reloads the page.
    await outcome.getByText('还款成功').waitFor({ timeout: SLOW_MS })
    expect(await wordsOn(phone)).toContain(`已还 ${amount}`)
    await check('17-repaid')
    await phone.getByRole('link', { name: '看还款计划' }).click()
    const record = phone.getByRole('region', { name: '还款记录' })
    await record.waitFor({ timeout: SLOW_MS })
    expect(await record.innerText()).toMatch(/本人还款[^]*已还/)
    expect(await record.innerText()).toContain(amount)
    expect(await remaining()).toBe(before - fenOf(amount))
    expect(await bed.bank.collections()).toEqual([])
  })

  it('[N7] is told of as waiting on the schedule too, and frees the line with the last fen', async () => {
    const left = await remaining()
    const amount = await repay(/全部还清/, '18-repay-all')
    expect(fenOf(amount)).toBe(left)
    await phone.getByRole('link', { name: '看还款计划' }).click()
    await phone.getByText(`等银行收款 ${amount}`).waitFor({ timeout: SLOW_MS })
    expect(await remaining()).toBe(left)
    await check('19-loan-waiting')
    await bed.bank.receiveAll()
    await phone.getByText('已还清', { exact: true }).first().waitFor({ timeout: SLOW_MS })
    const states = await phone.locator('.instalment').allInnerTexts()
    expect(states.length).toBeGreaterThan(0)
    for (const state of states) expect(state).toContain('已还')
    await phone.goto(`${bed.hubUrl}/patient/credit`)
    await phone.getByText('现在没有要还的钱。').waitFor({ timeout: SLOW_MS })
    await expect.poll(() => wordsOn(phone), { timeout: SLOW_MS }).toMatch(LIMIT_FREE)
    expect(problems).toEqual([])
  })

  it('[N6] draws what the doctor orders in a visit without a tap, and is paid off before its end', async () => {
    await phone.getByRole('link', { name: '看病前开通一次' }).click({ timeout: SLOW_MS })
    await agreeAt(bed.doctor.hospital, /全部可用/)
    const { totalFen } = bed.doctor.order()
    const draw = phone.locator('.draw').filter({ hasText: amountText(totalFen) })
    await draw.getByText('已垫付').waitFor({ timeout: SLOW_MS })
    await check('20-drawn')
    const payEarly = phone.getByRole('button', { name: /^现在付清 ¥/ })
    const amount = (await payEarly.innerText()).replace('现在付清', '').trim()
    await payEarly.click()
    expect(await phone.getByRole('dialog').innerText()).toContain(`由${LENDER}收取 ${amount}`)
    await phone.getByRole('button', { name: '付清', exact: true }).click()
    await phone.getByText('正在付清，请勿重复支付').waitFor({ timeout: SLOW_MS })
    expect(await wordsOn(phone)).toContain(`等${LENDER}收到 ${amount}。`)
    expect(await payEarly.count()).toBe(0)
    await check('21-paying')
    const asked = await bed.bank.receiveAll()
    expect(asked.map(({ visitId, amountFen }) => [typeof visitId, amountFen])).toEqual([
      ['string', fenOf(amount)],
    ])
    await phone.getByText('已付清').first().waitFor({ timeout: SLOW_MS })
    expect(await wordsOn(phone)).toContain('您提前付清')
    await check('22-paid-off')
    await phone.goto(`${bed.hubUrl}/patient/credit`)
    await phone.getByText('现在没有要还的钱。').waitFor({ timeout: SLOW_MS })
    await expect.poll(() => wordsOn(phone), { timeout: SLOW_MS }).toMatch(LIMIT_FREE)
    expect(problems).toEqual([])
  })

  it('[N6] is agreed once for a visit at a hospital, and shows what is kept until when', async () => {
    await signInAnew()
    await phone.getByText('去支付').first().click({ timeout: SLOW_MS })
    const where = phone.locator('.for-whom').getByText(/医院/)
    const hospital = (await where.innerText({ timeout: SLOW_MS })).trim()
    await applyAt(BANK)
    await phone.getByRole('link', { name: '看我的额度' }).click()
    await phone.getByRole('link', { name: '看病前开通一次' }).click({ timeout: SLOW_MS })
    await agreeAt(hospital, '¥300.00')
    expect(await wordsOn(phone)).toContain('¥300.00')
    expect(problems).toEqual([])
  })

  /** From the page of the loan, up to what became of it; returns the amount that was confirmed. */
  async function repay(howMuch: RegExp, name: string): Promise<string> {
    await phone.getByRole('link', { name: '还款', exact: true }).click()
    await phone.getByRole('radio', { name: howMuch }).check({ timeout: SLOW_MS })
    await check(name)
    const button = phone.getByRole('button', { name: /^还 ¥/ })
    const amount = (await button.innerText()).replace('还', '').trim()
    await button.click()
    expect(await phone.getByRole('dialog').innerText()).toContain(`由${LENDER}收取 ${amount}`)
    await phone.getByRole('button', { name: '确认还款' }).click()
    await phone.locator('.story-head').waitFor({ timeout: SLOW_MS })
    return amount
  }

  /** What the page of the loan says is left. */
  async function remaining(): Promise<number> {
    const total = phone.locator('.total').filter({ hasText: '还剩要还' })
    return fenOf(await total.innerText({ timeout: SLOW_MS }))
  }

  /** As somebody whose insurance pays a part. */
  async function signInAnew(): Promise<void> {
    await phone.context().clearCookies()
    await phone.goto(`${bed.hubUrl}/patient/`)
    await phone.evaluate('sessionStorage.clear(); localStorage.clear()')
    await phone.goto(`${bed.hubUrl}/patient/sign-in`)
    const person = phone.getByRole('button', { name: /居民医保/ }).first()
    await person.click({ timeout: SLOW_MS })
    // Whoever is not known any more is told so once, by the page that was open.
    problems.length = 0
  }

  async function applyAt(bank: string): Promise<void> {
    await phone.goto(`${bed.hubUrl}/patient/credit`)
    const offer = phone.getByRole('article').filter({ hasText: bank })
    await offer.getByRole('link').click({ timeout: SLOW_MS })
    await phone.getByRole('button', { name: '下一步：看协议' }).click({ timeout: SLOW_MS })
    await phone.getByRole('checkbox').check()
    await phone.getByRole('button', { name: '同意并申请' }).click()
    await phone.getByRole('heading', { name: '申请通过' }).waitFor({ timeout: SLOW_MS })
  }

  async function agreeAt(hospital: string, reserve: string | RegExp): Promise<void> {
    await phone.getByRole('radio', { name: hospital }).check({ timeout: SLOW_MS })
    await phone.getByRole('radio', { name: reserve }).check()
    await check('6-visit')
    await phone.getByRole('button', { name: '下一步：看协议' }).click()
    await phone.getByRole('checkbox').check()
    await phone.getByRole('button', { name: '同意并开通' }).click()
    await phone.getByText('使用中').first().waitFor({ timeout: SLOW_MS })
    await check('7-visit-open')
  }
})
