import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { collectProblems, launchBrowser, phonePage, skipWithoutBrowser } from '../setup/browser.ts'
import { type Sandbox, startSandbox } from '../setup/sandbox.ts'
import { expectReadable, openConsole, SLOW_MS, violationsOn } from './desk.ts'

// The books in a real browser: from the chart to the payment behind an entry, as of any date, with the keyboard, and a
// proof that holds without us; and the code on a receipt, which leads to one.

const WALLET_PASSWORD = '123456'
const CHECKER = join(import.meta.dirname, '../../docs/proofs/check-proof.mjs')
const { checkProof } = (await import(pathToFileURL(CHECKER).href)) as {
  checkProof: (bytes: Buffer) => Promise<{ items: string[] }>
}

// Without a browser the whole file is left out, and bin/test says so loudly.
describe.skipIf(skipWithoutBrowser)('[B1] the books in the browser', { timeout: 240_000 }, () => {
  let sandbox: Sandbox
  let browser: Browser
  let phone: Page
  let desk: Page
  let problems: string[]
  let paymentNo: string

  beforeAll(async () => {
    sandbox = await startSandbox()
    browser = await launchBrowser()
    phone = await phonePage(browser)
    paymentNo = await payABill(phone)
    desk = await financeDesk(Number.parseInt(paymentNo.slice(0, 4), 36) as HospitalId)
    problems = collectProblems(desk)
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await sandbox?.stop()
  })

  async function payABill(page: Page): Promise<string> {
    await page.goto(`${sandbox.hubUrl}/patient/`)
    const insured = page.getByRole('button', { name: /居民医保/ })
    await insured.first().click({ timeout: SLOW_MS })
    await page.getByText('去支付').first().click({ timeout: SLOW_MS })
    await page.getByRole('button', { name: /支付 ¥/ }).click({ timeout: SLOW_MS })
    await page.locator('input[type=password]').fill(WALLET_PASSWORD, { timeout: SLOW_MS })
    await page.getByRole('button', { name: '确认支付' }).click()
    await page.getByText('支付成功').first().waitFor({ timeout: SLOW_MS })
    return /[0-9A-Z]{30}/.exec(await page.locator('body').innerText())?.[0] ?? ''
  }

  async function financeDesk(hospital: HospitalId): Promise<Page> {
    const login = staffLogin(hospital, 'finance')
    return openConsole(browser, { hubUrl: sandbox.hubUrl, login, path: '/' })
  }

  /** What an account stands at on the page, in the words of the page. */
  const balanceOf = (name: string) =>
    desk
      .getByRole('row', { name: new RegExp(name) })
      .locator('td')
      .last()
      .innerText()

  it('shows the chart, balanced, and other figures as of another date', async () => {
    await desk.goto(`${sandbox.hubUrl}/console/ledger`)
    await desk.getByText('借贷相等').waitFor({ timeout: SLOW_MS })
    await desk.getByRole('link', { name: '医疗收入' }).waitFor({ timeout: SLOW_MS })
    const now = await balanceOf('医疗收入')
    expect(now).toMatch(/^¥[\d,]+\.\d\d$/)
    expect(now).not.toBe('¥0.00')
    await expectReadable(desk)
    // The sandbox opened today: the day before, nothing had moved.
    await desk.getByRole('button', { name: '前一天' }).click()
    await desk
      .getByText(/截至 .* 日终/)
      .first()
      .waitFor({ timeout: SLOW_MS })
    await expect.poll(() => balanceOf('医疗收入'), { timeout: SLOW_MS }).not.toBe(now)
    await desk.getByRole('button', { name: '回到今天' }).click()
    await expect.poll(() => balanceOf('医疗收入'), { timeout: SLOW_MS }).toBe(now)
  })

  it('leads from an account to the payment behind an entry in three clicks', async () => {
    await desk.getByRole('link', { name: '医疗收入' }).click()
    await desk.getByRole('heading', { name: '余额走势' }).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('table').getByRole('link').first().click()
    await desk.getByRole('heading', { name: '封存证明' }).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('link', { name: '查看缴费单' }).click()
    await desk.getByText(paymentNo).first().waitFor({ timeout: SLOW_MS })
    expect(desk.url()).toMatch(/\/payments\/[0-9a-f-]{36}/)
  })

  it('gives the proof of an entry, which holds without us and fails with one byte changed', async () => {
    await desk.goBack()
    const save = desk.getByRole('button', { name: '下载证明文件' })
    await save.waitFor({ timeout: SLOW_MS })
    const [download] = await Promise.all([desk.waitForEvent('download'), save.click()])
    const bytes = await readFile(await download.path())
    const { items } = await checkProof(bytes)
    expect(items).toHaveLength(1)
    const changed = Buffer.from(bytes)
    const at = changed.indexOf('2026-')
    changed[at] = 0x31
    await expect(checkProof(changed)).rejects.toThrow(/./)
  })

  it('shows what is sealed, and how it is checked', async () => {
    await desk.getByRole('link', { name: '怎样核验' }).click()
    await desk.getByRole('heading', { name: '怎样核验' }).waitFor({ timeout: SLOW_MS })
    const ledger = desk.getByRole('region', { name: '分录' })
    await ledger.getByText(/ed25519-[0-9a-f]{16}/).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    const tool = desk.getByRole('link', { name: '核验脚本' })
    const [download] = await Promise.all([desk.waitForEvent('download'), tool.click()])
    expect(await readFile(await download.path())).toEqual(await readFile(CHECKER))
  })

  it('is gone through with the keyboard alone', async () => {
    await desk.goto(`${sandbox.hubUrl}/console/`)
    await desk.getByRole('navigation').first().waitFor({ timeout: SLOW_MS })
    await desk.keyboard.press('g')
    await desk.keyboard.press('l')
    await desk.getByRole('link', { name: '医疗收入' }).waitFor({ timeout: SLOW_MS })
    await desk.keyboard.press('j')
    await desk.keyboard.press('Enter')
    await desk.getByRole('heading', { name: '余额走势' }).waitFor({ timeout: SLOW_MS })
    // The lines come after the picture, and a key before them goes nowhere.
    await desk.locator('[data-row] a').first().waitFor({ timeout: SLOW_MS })
    await desk.keyboard.press('j')
    await desk.keyboard.press('Enter')
    await desk.getByRole('heading', { name: '封存证明' }).waitFor({ timeout: SLOW_MS })
    expect(desk.url()).toMatch(/\/ledger\/entries\/[0-9a-f-]{36}/)
  })

  it('gives the statement of an account as a file', async () => {
    await desk.goto(`${sandbox.hubUrl}/console/ledger/account?code=income`)
    const save = desk.getByRole('button', { name: '导出 CSV' })
    await save.waitFor({ timeout: SLOW_MS })
    const [download] = await Promise.all([desk.waitForEvent('download'), save.click()])
    const text = (await readFile(await download.path())).toString()
    expect(text).toMatch(/^\uFEFF业务日期,入账时间,/)
    expect(text.trimEnd().split('\r\n').length).toBeGreaterThan(1)
    // An entry that is not sealed yet has no proof, and the page asks again.
    expect(problems.filter((problem) => !/^404 GET .*\/proof$/.test(problem))).toEqual([])
  })

  it('leads from the code on a receipt to its proof, for somebody without an account', async () => {
    await phone.getByRole('link', { name: /凭证/ }).first().click({ timeout: SLOW_MS })
    const code = phone.getByRole('link', { name: '扫码查验这张凭证' })
    await code.waitFor({ timeout: SLOW_MS })
    const printed = new URL((await code.getAttribute('href')) ?? '')
    expect(await violationsOn(phone)).toEqual([])
    const stranger = await phonePage(browser)
    const strangersProblems = collectProblems(stranger)
    const path = `${printed.pathname}${printed.search}`
    const asked: string[] = []
    await expect
      .poll(
        async () => {
          await stranger.goto(`${sandbox.hubUrl}${path}`)
          return stranger.locator('#result').innerText()
        },
        { timeout: SLOW_MS, interval: 2_000 },
      )
      .toContain('证明成立')
    stranger.on('request', (request) => asked.push(request.url()))
    await stranger.getByText(paymentNo).waitFor()
    const save = stranger.getByRole('button', { name: '保存证明文件' })
    const [download] = await Promise.all([stranger.waitForEvent('download'), save.click()])
    expect((await checkProof(await readFile(await download.path()))).items.length).toBeGreaterThan(
      1,
    )
    expect(asked.filter((url) => !url.startsWith('blob:'))).toEqual([])
    expect(await violationsOn(stranger)).toEqual([])
    await stranger.goto(`${sandbox.hubUrl}${path.slice(0, -1)}`)
    await stranger.getByText('没有这张凭证').waitFor()
    expect(strangersProblems).toEqual([])
    await stranger.close()
  })
})
