import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { type CreditBed, openCreditBed } from './credit-bed.ts'

// Somebody without a limit asks for one, has a bill paid by it, and repays: on a phone, in the version for older people
// too, and with the yearly rate beside everything that is lent.

const SLOW_MS = 60_000
const LENDER = '鹿城商业银行'

// Without a browser the whole file is left out, and bin/test says so loudly.
describe.skipIf(skipWithoutBrowser)('treated first, paid later', { timeout: 180_000 }, () => {
  let bed: CreditBed
  let browser: Browser
  let context: BrowserContext
  let phone: Page
  let problems: string[]

  beforeAll(async () => {
    await buildWeb()
    bed = await openCreditBed(WEB_ROOT)
    browser = await launchBrowser()
    // axe opens a page of its own beside it, which a page without a context of ours does not allow.
    context = await browser.newContext({
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    })
    phone = await context.newPage()
    problems = collectProblems(phone)
    await phone.goto(`${bed.hubUrl}/patient/`)
    await phone.getByRole('button', { name: /自费/ }).first().click({ timeout: SLOW_MS })
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const wordsOn = (page: Page) => page.locator('body').innerText()
  const violations = async () => {
    const found = (await new AxeBuilder({ page: phone as never }).analyze()).violations
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  }
  /** Sound in both versions: nothing for axe to find, and nothing to be scrolled sideways. */
  const check = async (name: string) => {
    for (const elder of [false, true]) {
      await phone.evaluate((on) => document.documentElement.classList.toggle('elder', on), elder)
      await phone.screenshot({ path: `/tmp/w/shots/${name}${elder ? '-elder' : ''}.png`, fullPage: true })
      expect(await violations(), name).toEqual([])
      const over = await phone.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(over, name).toBeLessThanOrEqual(0)
    }
    await phone.evaluate(() => document.documentElement.classList.remove('elder'))
  }

  it('[N5] shows what can be applied for, each way with its yearly rate', async () => {
    await phone.getByRole('link', { name: '先诊后付' }).click({ timeout: SLOW_MS })
    await phone.getByRole('heading', { name: '可以申请的' }).waitFor({ timeout: SLOW_MS })
    await phone.getByText('年化利率').first().waitFor({ timeout: SLOW_MS })
    const offers = await wordsOn(phone)
    expect(offers).toContain(LENDER)
    expect(offers).toMatch(/年化利率 0\.00%/)
    expect(offers).toMatch(/年化利率 4\.8\d%/)
    await check('1-offers')
  })

  it('[N5] is applied for after the text, and answered with reasons', async () => {
    await phone
      .getByRole('article')
      .filter({ hasText: '信用就医（可分期）' })
      .getByRole('link')
      .click()
    await phone.getByRole('heading', { name: '到期后怎么还' }).waitFor({ timeout: SLOW_MS })
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
    await phone.getByText('现在可用').waitFor({ timeout: SLOW_MS })
    expect(await wordsOn(phone)).toContain('¥2,000.00')
    await check('5-limit')
  })

  it('[N6] is agreed for a visit', async () => {
    await phone.getByRole('link', { name: '看病前开通一次' }).click()
    const radios = phone.getByRole('group', { name: '去哪家医院' }).getByRole('radio')
    await radios.last().check({ timeout: SLOW_MS })
    await check('6-visit')
    await phone.getByRole('button', { name: '下一步：看协议' }).click()
    await phone.getByRole('checkbox').check()
    await phone.getByRole('button', { name: '同意并开通' }).click()
    await phone.getByText('使用中').first().waitFor({ timeout: SLOW_MS })
    expect(await wordsOn(phone)).toContain('¥300.00')
    await check('7-visit-open')
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
    await phone.getByText('年化利率').first().waitFor({ timeout: SLOW_MS })
    await check('13-ways')
    await phone.getByRole('button', { name: '选这一种' }).first().click()
    await phone.getByRole('button', { name: '同意' }).click()
    await phone.getByText('第 6 期').first().waitFor({ timeout: SLOW_MS })
    await check('14-instalments')
  })

  it('[N7] repays', async () => {
    await phone.getByRole('link', { name: '还款', exact: true }).click()
    await phone.getByRole('radio', { name: /全部还清/ }).check({ timeout: SLOW_MS })
    await check('15-repay')
    await phone.getByRole('button', { name: /^还 ¥/ }).click()
    await check('16-confirm')
    await phone.getByRole('button', { name: '确认还款' }).click()
    await phone.locator('.story-head').waitFor({ timeout: SLOW_MS })
    await check('17-repaid')
    expect(problems).toEqual([])
  })
})
