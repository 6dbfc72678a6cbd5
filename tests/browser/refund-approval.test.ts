import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Role } from '../../platform/principal.ts'
import { collectProblems, launchBrowser, phonePage, skipWithoutBrowser } from '../setup/browser.ts'
import { type Sandbox, startSandbox } from '../setup/sandbox.ts'
import { openConsole, SLOW_MS, violationsOn } from './desk.ts'

// A refund that one person may not give alone, in real browsers: the cashier asks, finance finds it waiting, and only
// then does the money go back.

const WALLET_PASSWORD = '123456'

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('a refund of two people', { timeout: 180_000 }, () => {
  let sandbox: Sandbox
  let browser: Browser
  let paymentNo: string
  let hospital: HospitalId

  beforeAll(async () => {
    sandbox = await startSandbox()
    browser = await launchBrowser()
    paymentNo = await payABill(await phonePage(browser))
    hospital = Number.parseInt(paymentNo.slice(0, 4), 36) as HospitalId
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await sandbox?.stop()
  })

  async function payABill(phone: Page): Promise<string> {
    await phone.goto(`${sandbox.hubUrl}/patient/`)
    await phone
      .getByRole('button', { name: /居民医保/ })
      .first()
      .click({ timeout: SLOW_MS })
    await phone.getByText('去支付').first().click({ timeout: SLOW_MS })
    await phone.getByRole('button', { name: /^支付 ¥/ }).click({ timeout: SLOW_MS })
    await phone.locator('input[type=password]').fill(WALLET_PASSWORD, { timeout: SLOW_MS })
    await phone.getByRole('button', { name: '确认支付' }).click()
    await phone.getByText('支付成功').first().waitFor({ timeout: SLOW_MS })
    return /[0-9A-Z]{30}/.exec(await phone.locator('body').innerText())?.[0] ?? ''
  }

  /** The console for somebody of the hospital. */
  function consoleOf(role: Role, path: string): Promise<Page> {
    const login = staffLogin(hospital, role)
    return openConsole(browser, { hubUrl: sandbox.hubUrl, login, path })
  }

  it('IT says that every refund takes two', async () => {
    const desk = await consoleOf('it', '/refunds/approvals')
    await desk.getByRole('button', { name: /^修 ?改$/ }).click({ timeout: SLOW_MS })
    await desk.getByLabel('一人可退同一笔缴费的金额上限（元）').fill('0')
    await desk.getByRole('button', { name: /^保 ?存$/ }).click()
    await desk.getByText('¥0.00').waitFor({ timeout: SLOW_MS })
    expect(await desk.locator('body').innerText()).toContain('规则已修改')
    await desk.close()
  })

  it('the cashier is told so, and puts it before a second person', async () => {
    const desk = await consoleOf('cashier', '/payments')
    await desk.getByPlaceholder('查账单号或缴费单号').fill(paymentNo, { timeout: SLOW_MS })
    await desk.keyboard.press('Enter')
    await desk.getByRole('button', { name: '申请退款' }).click({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '医生更改医嘱' }).click()
    await desk.getByRole('button', { name: '核对金额' }).click()
    await desk.getByRole('button', { name: /确认退款 ¥/ }).click()
    await desk.getByText(/须由另一位财务人员复核/).waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: /提交复核 ¥/ }).click()
    await desk.getByRole('button', { name: '撤回申请' }).waitFor({ timeout: SLOW_MS })
    expect(await desk.getByRole('button', { name: '复核退款' }).count()).toBe(0)
    await desk.close()
  })

  it('finance finds it, on a desk and on a phone, and agrees to the exact amount', async () => {
    const desk = await consoleOf('finance', '/refunds')
    const problems = collectProblems(desk)
    await desk.getByRole('link', { name: '待复核 1' }).click({ timeout: SLOW_MS })
    await desk.getByText('超过一人可退的金额。').waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(desk)).toEqual([])
    await desk.setViewportSize({ width: 390, height: 844 })
    const width = await desk.evaluate<number>('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(390)
    await desk.setViewportSize({ width: 1440, height: 900 })
    await desk.getByRole('button', { name: '复核退款' }).click()
    const approve = desk.getByRole('dialog').getByRole('button', { name: /同意退款 ¥/ })
    await approve.waitFor({ timeout: SLOW_MS })
    await approve.click()
    await desk.getByText('没有等待复核的退款。').waitFor({ timeout: SLOW_MS })
    await desk.getByText('全部', { exact: true }).click()
    await desk.getByText('已同意', { exact: true }).waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
    await desk.close()
  })
})
