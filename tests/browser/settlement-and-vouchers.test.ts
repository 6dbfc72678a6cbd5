import { readFile } from 'node:fs/promises'

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { type BooksBed, openBooksBed } from './books-bed.ts'
import { expectReadable, openConsole, SLOW_MS } from './desk.ts'
import { SECOND_LOGIN } from './office-bed.ts'

// What providers pay out and what goes to the hospital's own books, in a real browser: a contract of two persons, a receipt
// that a person explains, and a voucher down to its payments and out as a file.

const RECEIPT = 'TT-2026-0017'

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('payouts and vouchers', { timeout: 180_000 }, () => {
  let bed: BooksBed
  let browser: Browser

  beforeAll(async () => {
    await buildWeb()
    bed = await openBooksBed(WEB_ROOT)
    browser = await launchBrowser()
  }, 400_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const finance = () => staffLogin(bed.hospitalId, 'finance')

  const consoleOf = (login: string, path: string) =>
    openConsole(browser, { hubUrl: bed.hubUrl, login, path })

  it('[B4] a contract is proposed by one person, whom the hub refuses as the second', async () => {
    const desk = await consoleOf(finance(), '/settlement')
    await desk.getByRole('link', { name: '微信支付' }).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk
      .getByRole('row', { name: /微信支付/ })
      .getByRole('link', { name: /天$/ })
      .click()
    await desk.getByRole('link', { name: `微信支付 ${bed.date}` }).click({ timeout: SLOW_MS })
    await desk.getByText('没有生效的合同，不知道应到多少。').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('link', { name: '提出合同' }).click()
    await desk.getByLabel('生效日期').fill('2026-01-01', { timeout: SLOW_MS })
    expect(await desk.getByLabel('付款方', { exact: true }).inputValue()).toBe('wechat')
    await desk.getByLabel('费率（%）').fill('0.6')
    await desk.getByLabel('入账账户').fill('main')
    await desk.getByLabel('付款人名称').fill('财付通')
    await expectReadable(desk)
    await desk.getByLabel('付款人名称').press('Enter')
    await desk.getByRole('button', { name: /^查 ?看$/ }).click({ timeout: SLOW_MS })
    await desk.getByLabel('审批意见').fill('我自己同意')
    await desk.getByRole('button', { name: '同意执行' }).click()
    await desk.getByText('须由另一位工作人员审批。').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.context().close()
  })

  it('[B4] another person agrees, by the keyboard, and the batch is expected', async () => {
    const desk = await consoleOf(SECOND_LOGIN, '/settlement/contracts')
    const problems = collectProblems(desk)
    const decide = desk.getByRole('button', { name: /^审 ?批$/ })
    await decide.waitFor({ timeout: SLOW_MS })
    await decide.focus()
    await desk.keyboard.press('Enter')
    await desk.getByText('T+1（工作日）').waitFor({ timeout: SLOW_MS })
    await desk.getByLabel('审批意见').focus()
    await desk.keyboard.type('与纸质合同一致')
    await desk.keyboard.press('Tab')
    await desk.keyboard.press('Enter')
    await desk.getByText('执行中').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.goto(`${bed.hubUrl}/console/settlement/batches/wechat/${bed.date}`)
    await desk.getByText(/^(待到账|已逾期)$/).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.goto(`${bed.hubUrl}/console/settlement/calendars`)
    await desk.getByRole('button', { name: /以 2026 年安排提出/ }).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    expect(problems).toEqual([])
    await desk.context().close()
  })

  it('[B4] a receipt that nothing explains is assigned to a batch by a person', async () => {
    await bed.receive({ bankRef: RECEIPT, amountFen: 1_000, payer: '海岳某公司' })
    const desk = await consoleOf(finance(), '/settlement/receipts')
    const problems = collectProblems(desk)
    await desk.getByRole('link', { name: RECEIPT }).click({ timeout: SLOW_MS })
    await desk
      .getByRole('radio', { name: new RegExp(`微信支付 ${bed.date}`) })
      .check({ timeout: SLOW_MS })
    expect(await desk.getByLabel('认领金额（元）').inputValue()).toBe('10.00')
    await expectReadable(desk)
    await desk.getByRole('button', { name: `认领 ¥10.00 到 微信支付 ${bed.date}` }).click()
    await desk.getByText('已认领', { exact: true }).first().waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('link', { name: `微信支付 ${bed.date}` }).click()
    await desk.getByRole('link', { name: RECEIPT }).waitFor({ timeout: SLOW_MS })
    await desk.getByText('少到').first().waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
    await desk.context().close()
  })

  it('[B5] a voucher leads to a payment of it in three clicks', async () => {
    const desk = await consoleOf(finance(), `/vouchers?date=${bed.date}`)
    const problems = collectProblems(desk)
    await desk.getByText('已关账的日期都有凭证').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk
      .getByRole('link', { name: /^收-\d+$/ })
      .first()
      .click()
    const paper = desk.getByRole('region', { name: '收款凭证' })
    await paper.getByText(/^合计：.+元.*[整分]$/).waitFor({ timeout: SLOW_MS })
    await paper.getByText('借贷平衡').waitFor()
    await expectReadable(desk)
    await paper
      .getByRole('link', { name: /第 1 行借方/ })
      .first()
      .click()
    const payments = desk.getByRole('link', { name: /^缴费 …/ })
    await payments.first().waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await payments.first().click()
    await desk.waitForURL(/\/console\/payments\/[0-9a-f-]{36}/)
    await desk.getByText('缴费成功').first().waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
    await desk.context().close()
  })

  it('[B5] vouchers are downloaded as the file of an accounting system, and again the same', async () => {
    const desk = await consoleOf(finance(), `/vouchers?date=${bed.date}`)
    await desk.getByLabel('格式').selectOption('kingdee', { timeout: SLOW_MS })
    await desk.getByLabel('自', { exact: true }).fill(bed.date)
    await desk.getByLabel('至', { exact: true }).fill(bed.date)
    const [file] = await Promise.all([
      desk.waitForEvent('download', { timeout: SLOW_MS }),
      desk.getByRole('button', { name: '导出并下载' }).click(),
    ])
    expect(file.suggestedFilename()).toBe(`kingdee-${bed.date}-${bed.date}.csv`)
    const bytes = await readFile(await file.path())
    expect(new TextDecoder('gb18030').decode(bytes)).toContain('凭证日期')
    await desk.getByRole('link', { name: '导出记录' }).click()
    const again = desk.getByRole('button', { name: '金蝶 K/3' })
    await again.waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    const [same] = await Promise.all([desk.waitForEvent('download'), again.click()])
    expect((await readFile(await same.path())).equals(bytes)).toBe(true)
    for (const [path, word] of [
      ['templates', '标准模板'],
      ['templates/new', '科目对照'],
      ['layouts', '用友 U8'],
      ['layouts/new', '各列'],
    ] as const) {
      await desk.goto(`${bed.hubUrl}/console/vouchers/${path}`)
      await desk.getByText(word).first().waitFor({ state: 'attached', timeout: SLOW_MS })
      await desk.getByRole('button').first().waitFor()
      await expectReadable(desk)
    }
    await desk.context().close()
  })
})
