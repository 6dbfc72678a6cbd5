import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { type BenefitsBed, openBenefitsBed } from './benefits-bed.ts'
import { expectReadable, openConsole, SLOW_MS } from './desk.ts'
import { SECOND_LOGIN } from './office-bed.ts'

// Programmes, the register of people in need and deposits in a real browser: what one person asks for, another decides.

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('programmes and deposits', { timeout: 180_000 }, () => {
  let bed: BenefitsBed
  let browser: Browser

  beforeAll(async () => {
    await buildWeb()
    bed = await openBenefitsBed(WEB_ROOT)
    browser = await launchBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const consoleOf = (login: string, path: string) =>
    openConsole(browser, { hubUrl: bed.hubUrl, login, path })

  const finance = () => staffLogin(bed.hospitalId, 'finance')
  const cashier = () => staffLogin(bed.hospitalId, 'cashier')

  it('[N6] one proposes a programme from another’s terms, and a second person agrees', async () => {
    const desk = await consoleOf(finance(), '/benefits')
    const problems = collectProblems(desk)
    await desk.getByRole('link', { name: '高龄门诊补助' }).click({ timeout: SLOW_MS })
    await desk.getByText(/80 岁及以上/).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('link', { name: '以此提出新项目' }).click()
    await desk.getByLabel('中文名称').fill('高龄门诊补助二期', { timeout: SLOW_MS })
    await desk.getByLabel('开始日期').fill('2027-01-01')
    await desk.getByLabel('结束日期').fill('2027-12-31')
    await expectReadable(desk)
    await desk.getByRole('button', { name: '提出项目' }).click()
    await desk.getByRole('link', { name: '高龄门诊补助二期' }).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    expect(problems).toEqual([])
    await desk.context().close()

    const other = await consoleOf(SECOND_LOGIN, '/benefits/waiting')
    await other.getByRole('button', { name: /^审 ?批$/ }).click({ timeout: SLOW_MS })
    await other.getByLabel('审批意见').fill('预算已批复')
    await other.getByRole('button', { name: '同意执行' }).click()
    await other.getByText('没有等待审批的。').nth(2).waitFor({ timeout: SLOW_MS })
    await expectReadable(other)
    await other.context().close()
  })

  it('[N6] a person is found by their number and entered as in need', async () => {
    const desk = await consoleOf(finance(), '/benefits/people-in-need')
    await desk.getByText('海民〔2026〕11 号').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('button', { name: /^登 ?记$/ }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel('完整号码').fill(bed.old.idCardNo)
    await dialog.getByRole('button', { name: /^查 ?找$/ }).click()
    await dialog.getByRole('button', { name: '换一个人' }).waitFor({ timeout: SLOW_MS })
    await dialog.getByLabel('名单或证明文号').fill('低保证 8 号')
    await dialog.getByLabel('有效期至').fill('2027-10-31')
    await dialog.getByRole('button', { name: /^登 ?记$/ }).click()
    await desk.getByText('低保证 8 号').waitFor({ timeout: SLOW_MS })
    // Two entries, and the heading.
    expect(await desk.getByRole('row').count()).toBe(3)
    await desk.context().close()
  })

  it('[P8] a cashier takes money in and closes a prepayment; another says that it went back', async () => {
    const window = await consoleOf(cashier(), '/deposits')
    const problems = collectProblems(window)
    await window.getByText('余额不足').nth(1).waitFor({ timeout: SLOW_MS })
    await expectReadable(window)
    await window.getByRole('link', { name: 'ZY20261101' }).click()
    await window.getByText('¥900.50').first().waitFor({ timeout: SLOW_MS })
    await expectReadable(window)
    await window.getByRole('button', { name: '登记收款' }).click()
    await window.getByLabel('收据号或流水号').fill('SJ-2')
    await window.getByLabel('收款金额（元）').fill('2000')
    await window.getByRole('button', { name: '登记收款 ¥2,000.00' }).click()
    await window.getByText('使用中').waitFor({ timeout: SLOW_MS })
    await window.goto(`${bed.hubUrl}/console/deposits/prepayments`)
    await window
      .getByRole('row', { name: /¥123\.45/ })
      .getByRole('button', { name: '结清退款' })
      .click({ timeout: SLOW_MS })
    await window.getByRole('button', { name: '结清并退回 ¥123.45' }).click()
    await window.getByText('退款中').waitFor({ timeout: SLOW_MS })
    await expectReadable(window)
    expect(problems).toEqual([])
    await window.context().close()

    const desk = await consoleOf(finance(), '/deposits/give-backs')
    await desk.getByRole('button', { name: '登记已退' }).click({ timeout: SLOW_MS })
    await desk.getByLabel('退款流水号').fill('TK-7')
    await desk.getByRole('button', { name: '确认已退 ¥123.45' }).click()
    await desk.getByText('没有等待退款的。').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.goto(`${bed.hubUrl}/console/deposits/days`)
    await desk.getByText('所有住院费都已扣除。').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.context().close()
  })
})
