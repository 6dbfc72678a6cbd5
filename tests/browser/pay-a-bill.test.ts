import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  collectProblems,
  desktopPage,
  IN_SHANGHAI,
  launchBrowser,
  phonePage,
  skipWithoutBrowser,
} from '../setup/browser.ts'
import { type Sandbox, startSandbox } from '../setup/sandbox.ts'
import { SLOW_MS, violationsOn } from './desk.ts'

// A newcomer's first five minutes, in a real browser: pay a bill from two sources on the phone, and find every
// fen of it at the finance desk.

const WALLET_PASSWORD = '123456'

// Without a browser the whole file is left out, and bin/test says so loudly.
describe.skipIf(skipWithoutBrowser)('a bill paid in the browser', { timeout: 180_000 }, () => {
  let sandbox: Sandbox
  let browser: Browser
  let phone: Page
  let paymentNo: string
  let phoneProblems: string[]

  beforeAll(async () => {
    sandbox = await startSandbox()
    browser = await launchBrowser()
    phone = await phonePage(browser)
    phoneProblems = collectProblems(phone)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await sandbox?.stop()
  })

  it('[P1] [J4] is planned, paid in the wallet and confirmed by the hospital, in three taps', async () => {
    await phone.goto(`${sandbox.hubUrl}/patient/`)
    // Somebody insured without an account of their own: the fund pays a part, the wallet the rest.
    await phone
      .getByRole('button', { name: /居民医保/ })
      .first()
      .click({ timeout: SLOW_MS })
    await phone.getByText('去支付').first().click({ timeout: SLOW_MS })
    const pay = phone.getByRole('button', { name: /^支付 ¥/ })
    await pay.waitFor({ timeout: SLOW_MS })
    expect(await phone.locator('body').innerText()).toContain('医保基金')
    const onTheButton = (await pay.innerText()).replace('支付', '').trim()
    await pay.click()

    await phone.locator('input[type=password]').fill(WALLET_PASSWORD, { timeout: SLOW_MS })
    expect(await phone.locator('body').innerText()).toContain(onTheButton)
    await phone.getByRole('button', { name: '确认支付' }).click()
    await phone.getByText('支付成功').first().waitFor({ timeout: SLOW_MS })
    const page = await phone.locator('body').innerText()
    expect(page).toContain(onTheButton)
    expect(page).toMatch(/SJ\d{16}/)
    expect(page).not.toContain('失败')
    paymentNo = /[0-9A-Z]{30}/.exec(page)?.[0] ?? ''
    expect(paymentNo).not.toBe('')
    expect(phoneProblems).toEqual([])
  })

  it('[P1] [P5] is paid another way than the one that was proposed, and each says why', async () => {
    const own = await phonePage(browser)
    const problems = collectProblems(own)
    await own.goto(`${sandbox.hubUrl}/patient/`)
    await own.getByRole('button', { name: /自费/ }).first().click({ timeout: SLOW_MS })
    await own.getByText('去支付').first().click({ timeout: SLOW_MS })
    const way = own.getByRole('region', { name: '付款方式' })
    await way.waitFor({ timeout: SLOW_MS })
    expect(await way.innerText()).toMatch(/微信支付[^]*医院推荐/)
    const amount = await amountOnTheButton(own)

    await way.getByText('换一种方式').click()
    // A phone cannot scan its own screen, so what is scanned only is not offered, and it says so.
    await way.getByText(/现在不能用的/).click()
    expect(await way.innerText()).toMatch(/数字人民币[^]*这个设备上用不了/)
    await way.getByText('支付宝', { exact: true }).click()
    await own.getByText('您选的方式').waitFor({ timeout: SLOW_MS })
    expect(await amountOnTheButton(own)).toBe(amount)

    await own.getByRole('button', { name: /支付 ¥/ }).click()
    await own.locator('input[type=password]').fill(WALLET_PASSWORD, { timeout: SLOW_MS })
    expect(await own.locator('body').innerText()).toContain(amount.replace('¥', ''))
    await own.getByRole('button', { name: '确认付款' }).click()
    await own.getByText('支付成功').first().waitFor({ timeout: SLOW_MS })
    const page = await own.locator('body').innerText()
    expect(page).toContain(amount)
    expect(page).toContain('支付宝单号')
    expect(problems).toEqual([])
    await own.close()
  })

  it('[P1] is paid by a code on the screen, which the simulated phone scans', async () => {
    const context = await browser.newContext(IN_SHANGHAI)
    const desk = await context.newPage()
    const problems = collectProblems(desk)
    await desk.goto(`${sandbox.hubUrl}/patient/`)
    await desk.getByRole('button', { name: /自费/ }).first().click({ timeout: SLOW_MS })
    await desk.getByText('去支付').first().click({ timeout: SLOW_MS })
    const way = desk.getByRole('region', { name: '付款方式' })
    await way.getByText('换一种方式').click({ timeout: SLOW_MS })
    await way.getByText('数字人民币', { exact: true }).click()
    await desk.getByText('您选的方式').waitFor({ timeout: SLOW_MS })
    const amount = await amountOnTheButton(desk)
    await desk.getByRole('button', { name: /支付 ¥/ }).click()

    await desk.getByRole('link', { name: '用模拟手机扫码' }).click({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '付款', exact: true }).waitFor({ timeout: SLOW_MS })
    const shown = await desk.locator('body').innerText()
    for (const word of ['扫一扫', '数字人民币', amount.replace('¥', '')]) {
      expect(shown).toContain(word)
    }
    expect(await violationsOn(desk)).toEqual([])
    await desk.getByRole('button', { name: '付款', exact: true }).click()
    await desk.getByRole('heading', { name: '支付成功' }).waitFor({ timeout: SLOW_MS })
    await desk.getByRole('link', { name: '返回患者端' }).click()
    await desk
      .getByText(/SJ\d{16}/)
      .first()
      .waitFor({ timeout: SLOW_MS })
    const page = await desk.locator('body').innerText()
    for (const word of ['支付成功', amount, '数字人民币单号']) expect(page).toContain(word)
    expect(problems).toEqual([])
    await context.close()
  })

  it('[F1] is accessible where the payer chooses how to pay', async () => {
    const context = await browser.newContext(IN_SHANGHAI)
    const page = await context.newPage()
    await page.goto(`${sandbox.hubUrl}/patient/`)
    await page
      .getByRole('button', { name: /医保暂停/ })
      .first()
      .click({ timeout: SLOW_MS })
    await page.getByText('去支付').first().click({ timeout: SLOW_MS })
    await page.getByText('换一种方式').click({ timeout: SLOW_MS })
    // With keys alone: the arrows mark another way, and Enter takes it.
    await page.getByRole('radio', { checked: true }).focus()
    await page.keyboard.press('ArrowDown')
    await page.getByRole('button', { name: '改用支付宝' }).waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByText('您选的方式').waitFor({ timeout: SLOW_MS })
    await context.close()
  })

  it('[F1] is accessible where it begins', async () => {
    const context = await browser.newContext(IN_SHANGHAI)
    const page = await context.newPage()
    await page.goto(`${sandbox.hubUrl}/patient/`)
    await page
      .getByRole('button', { name: /居民医保/ })
      .first()
      .waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(page)).toEqual([])
    await context.close()
  })

  it('stays the same truth after a reload', async () => {
    await phone.reload()
    await phone.getByText('支付成功').first().waitFor({ timeout: SLOW_MS })
    expect(await phone.locator('body').innerText()).toContain(paymentNo)
  })

  it('[F2] stands in the finance console, with a timeline that ends in the journal', async () => {
    const desk = await desktopPage(browser)
    const problems = collectProblems(desk)
    await desk.goto(`${sandbox.hubUrl}/console/`)
    const hospital = Number.parseInt(paymentNo.slice(0, 4), 36)
    const finance = desk.getByRole('button', { name: /财务/ }).nth(hospital - 1)
    await finance.click({ timeout: SLOW_MS })
    await desk.getByText('成功缴费').first().waitFor({ timeout: SLOW_MS })
    await desk.getByPlaceholder('查账单号或缴费单号').fill(paymentNo)
    await desk.keyboard.press('Enter')
    await desk.getByText('全程记录').first().waitFor({ timeout: SLOW_MS })
    await desk.getByText(paymentNo).first().waitFor({ timeout: SLOW_MS })
    const page = await desk.locator('body').innerText()
    for (const word of ['医保基金', '个人现金', '全程记录']) expect(page).toContain(word)
    expect(problems).toEqual([])
    await desk.close()
  })

  it('refuses a stranger: another hospital’s finance does not see it', async () => {
    const hospital = Number.parseInt(paymentNo.slice(0, 4), 36)
    const other = hospital === 1 ? 2 : 1
    const response = await fetch(`${sandbox.hubUrl}/v1/hospitals/${other}/payments`)
    expect(response.status).toBe(401)
  })
})

/** As it stands on the button of a plan: '¥28.50'. */
async function amountOnTheButton(page: Page): Promise<string> {
  const button = page.getByRole('button', { name: /支付 ¥/ })
  await button.waitFor({ timeout: SLOW_MS })
  return /¥[\d,.]+/.exec(await button.innerText())?.[0] ?? ''
}
