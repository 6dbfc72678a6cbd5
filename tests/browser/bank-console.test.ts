import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { medicalWordsOf } from '../lenders/medical-words.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { type BankBed, DIAGNOSIS, openBankBed } from './bank-bed.ts'
import { signedIn, SLOW_MS, violationsOn } from './desk.ts'

// A lender's staff in the same console as hospitals' staff: their portfolio, a loan given up by two of them, a review
// decided, and no word of what anybody was treated for.

const PAGES = [
  '',
  '/loans',
  '/lines',
  '/reviews',
  '/collections',
  '/payouts',
  '/hospitals',
  '/products',
  '/days',
] as const

// Without a browser the whole file is left out, and bin/test says so loudly.
describe.skipIf(skipWithoutBrowser)('a bank in the console', { timeout: 180_000 }, () => {
  let bed: BankBed
  let browser: Browser

  beforeAll(async () => {
    await buildWeb()
    bed = await openBankBed(WEB_ROOT)
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  /** The console for somebody, at a path. */
  async function desk(login: string, path: string): Promise<{ page: Page; problems: string[] }> {
    const page = await signedIn(browser, { hubUrl: bed.hubUrl, login })
    const problems = collectProblems(page)
    await page.goto(`${bed.hubUrl}/console${path}`)
    await page.getByRole('heading', { level: 1 }).first().waitFor({ timeout: SLOW_MS })
    return { page, problems }
  }

  const textOf = (page: Page) => page.locator('body').innerText()

  it('offers its staff their own menu, and the portfolio with its ratio and formula', async () => {
    const { page, problems } = await desk('bank1', '/')
    await page.getByRole('heading', { name: '信贷总览' }).waitFor({ timeout: SLOW_MS })
    const menu = await page.getByRole('navigation', { name: '主菜单' }).innerText()
    expect(menu.split('\n').filter((word) => word !== '')).toEqual([
      '信贷总览',
      '贷款',
      '账户',
      '申请与复核',
      '待收还款',
      '应付与退款',
      '医院限额',
      '产品',
      '日终',
    ])
    await page.getByText('已超过阈值 1%').waitFor({ timeout: SLOW_MS })
    await page.getByText('逾期超过 90 天的贷款本金 ÷ 全部未收本金').waitFor()
    await page.getByText('鹿城商业银行').first().waitFor({ timeout: SLOW_MS })
    await page.locator('.chart svg').first().waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(page)).toEqual([])
    expect(problems).toEqual([])
    await page.close()
  })

  it('fits a phone, page by page, and says no word of any illness on any', async () => {
    const { page, problems } = await desk('bank1', '/bank')
    const words = medicalWordsOf(bed.world, DIAGNOSIS)
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 })
      for (const path of PAGES) {
        await page.goto(`${bed.hubUrl}/console/bank${path}`)
        await page.getByRole('heading', { level: 1 }).waitFor({ timeout: SLOW_MS })
        await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
        const text = await textOf(page)
        expect(
          words.filter((word) => text.includes(word)),
          path,
        ).toEqual([])
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
        expect([path, width, wide <= width]).toEqual([path, width, true])
        expect([path, await violationsOn(page)]).toEqual([path, []])
      }
    }
    expect(problems).toEqual([])
    await page.close()
  })

  it('gives a loan up by two: one says why, the other agrees to the exact amount', async () => {
    const one = await desk('bank1', '/bank')
    await one.page.getByRole('link', { name: '91–180 天' }).click({ timeout: SLOW_MS })
    await one.page.locator('tbody [href*="/bank/loans/"]').first().click({ timeout: SLOW_MS })
    await one.page.getByRole('heading', { name: '逾期阶段' }).waitFor({ timeout: SLOW_MS })
    await one.page.getByLabel('核销理由').fill('多次催收无果')
    await one.page.getByRole('button', { name: /^提出核销 ¥/ }).click()
    await one.page.getByText('您提出的核销须由另一位同事复核。').waitFor({ timeout: SLOW_MS })
    expect(await one.page.getByRole('button', { name: /同意核销/ }).count()).toBe(0)

    const two = await desk('bank2', '/bank')
    await two.page.getByRole('link', { name: /待复核核销/ }).click({ timeout: SLOW_MS })
    await two.page.locator('tbody [href*="/bank/loans/"]').first().click({ timeout: SLOW_MS })
    await two.page.getByText('多次催收无果').waitFor({ timeout: SLOW_MS })
    const agree = two.page.getByRole('button', { name: /^同意核销 ¥/ })
    const amount = (await agree.innerText({ timeout: SLOW_MS })).replace('同意核销 ', '')
    expect(await violationsOn(two.page)).toEqual([])
    await agree.click()
    await two.page.getByText('尚未收回').waitFor({ timeout: SLOW_MS })
    expect(await two.page.locator('.bank-facts').last().innerText()).toContain(amount)
    const text = await textOf(two.page)
    const words = medicalWordsOf(bed.world, DIAGNOSIS)
    expect(words.filter((word) => text.includes(word))).toEqual([])
    expect([...one.problems, ...two.problems]).toEqual([])
    await one.page.close()
    await two.page.close()
  })

  it('decides a review with bands and reasons in sight', async () => {
    const { page, problems } = await desk('bank2', '/bank/reviews')
    const act = page.getByRole('button', { name: '处理' })
    await act.first().waitFor({ timeout: SLOW_MS })
    const waiting = await act.count()
    await act.first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('本次评分在此档').waitFor({ timeout: SLOW_MS })
    await dialog.getByText('基础分').waitFor()
    await dialog.getByText('希望提高额度', { exact: false }).waitFor()
    expect(await violationsOn(page)).toEqual([])
    await dialog.getByLabel('改为以下额度').check()
    await dialog.getByLabel('新额度（元）').fill('8000')
    await dialog.getByLabel('复核理由（会告知申请人）').fill('收入证明属实')
    await dialog.getByRole('button', { name: '批准额度 ¥8,000.00' }).click()
    await dialog.waitFor({ state: 'detached', timeout: SLOW_MS })
    await expect.poll(() => act.count(), { timeout: SLOW_MS }).toBe(waiting - 1)
    await page.getByText('已复核', { exact: true }).click()
    await page.getByText('已改额度').first().waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
    await page.close()
  })

  it('changes the limit of a hospital with a reason that stands in its history', async () => {
    const { page, problems } = await desk('bank1', '/bank/hospitals')
    await page.getByRole('button', { name: '改限额' }).first().click({ timeout: SLOW_MS })
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('新限额（元）').fill('3000000')
    await dialog.getByLabel('理由').fill('扩大合作')
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'detached', timeout: SLOW_MS })
    await page.getByText('¥3,000,000.00').first().waitFor({ timeout: SLOW_MS })
    await page.getByRole('button', { name: '改限额' }).first().click()
    await page.getByRole('dialog').getByText('扩大合作').waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
    await page.close()
  })

  it('records money that came, and the loan has its repayment', async () => {
    await bed.announce()
    const { page, problems } = await desk('bank1', '/bank/collections')
    const row = page.locator('tbody tr[data-row]')
    await row.first().waitFor({ timeout: SLOW_MS })
    expect(await row.count()).toBe(1)
    await row.getByRole('button', { name: '登记到账' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('银行流水号').fill('BANK-20261122-1')
    expect(await violationsOn(page)).toEqual([])
    await dialog.getByRole('button', { name: '登记 ¥1,289.00' }).click()
    await dialog.getByText('已按通知入账。').waitFor({ timeout: SLOW_MS })
    await dialog.getByRole('link', { name: '看这笔贷款' }).click()
    await page.getByRole('heading', { name: '还款记录' }).waitFor({ timeout: SLOW_MS })
    const repaid = page.locator('section', { hasText: '还款记录' }).getByText('已到账')
    await repaid.waitFor({ timeout: SLOW_MS })
    await page.getByText('已结清').first().waitFor({ timeout: SLOW_MS })
    await page.goto(`${bed.hubUrl}/console/bank/collections`)
    await page.getByText('没有等待登记的还款。').waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
    await page.close()
  })

  it('lets an auditor look, and change nothing', async () => {
    const { page, problems } = await desk('bankaudit1', '/bank/loans?bucket=31-60')
    await page.locator('tbody [href*="/bank/loans/"]').first().click({ timeout: SLOW_MS })
    await page.getByText('您的角色只能查看。').waitFor({ timeout: SLOW_MS })
    expect(await page.getByRole('button', { name: /核销/ }).count()).toBe(0)
    await page.goto(`${bed.hubUrl}/console/bank/reviews`)
    await page.getByRole('button', { name: '查看' }).first().click({ timeout: SLOW_MS })
    await page.getByRole('dialog').getByText('您的角色只能查看。').waitFor({ timeout: SLOW_MS })
    await page.goto(`${bed.hubUrl}/console/bank/hospitals`)
    await page.getByRole('button', { name: '查看' }).first().waitFor({ timeout: SLOW_MS })
    expect(await page.getByRole('button', { name: '改限额' }).count()).toBe(0)
    expect(problems).toEqual([])
    await page.close()
  })

  it('shows neither house the pages of the other, and crashes on none', async () => {
    const hospital = ['/payments', '/refunds', '/moves', '/reconciliation', '/cases', '/channels']
    const bank = await desk('bankaudit1', '/bank')
    for (const path of [...hospital, '/partners', '/channels/rules']) {
      await bank.page.goto(`${bed.hubUrl}/console${path}`)
      await bank.page.getByText('您登录的是银行的账号').waitFor({ timeout: SLOW_MS })
    }
    expect(bank.problems).toEqual([])
    await bank.page.getByRole('link', { name: '回到首页' }).click()
    await bank.page.getByRole('heading', { name: '信贷总览' }).waitFor({ timeout: SLOW_MS })
    await bank.page.close()

    const finance = await desk(staffLogin(1 as HospitalId), '/payments')
    const menu = await finance.page.getByRole('navigation', { name: '主菜单' }).innerText()
    expect(menu).not.toContain('信贷')
    for (const path of PAGES) {
      await finance.page.goto(`${bed.hubUrl}/console/bank${path}`)
      await finance.page.getByText('您登录的是医院的账号').waitFor({ timeout: SLOW_MS })
    }
    expect(finance.problems).toEqual([])
    await finance.page.close()
  })
})
