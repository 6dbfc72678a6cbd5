import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import {
  collectProblems,
  desktopPage,
  IN_SHANGHAI,
  launchBrowser,
  skipWithoutBrowser,
} from '../setup/browser.ts'
import { openChannelsBed } from './channels-bed.ts'
import { SLOW_MS, violationsOn } from './desk.ts'

// A channel goes dead; finance sees it, takes its alert, and decides by which rules payers are led elsewhere.

// Without a browser the whole file is left out, and bin/test says so loudly.
describe.skipIf(skipWithoutBrowser)('channels at the finance desk', { timeout: 180_000 }, () => {
  let bed: Awaited<ReturnType<typeof openChannelsBed>>
  let browser: Browser
  let desk: Page
  let problems: string[]

  beforeAll(async () => {
    await buildWeb()
    bed = await openChannelsBed(WEB_ROOT)
    await bed.bringDown('wechat')
    await bed.ask('alipay', 3)
    browser = await launchBrowser()
    desk = await desktopPage(browser)
    problems = collectProblems(desk)
    await desk.goto(`${bed.hubUrl}/console/`)
    await desk.getByRole('button', { name: /财务/ }).first().click({ timeout: SLOW_MS })
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const open = async (path: string) => {
    await desk.goto(`${bed.hubUrl}/console/channels${path}`)
    await desk.locator('main h1').waitFor({ timeout: SLOW_MS })
  }

  it('[P4] shows at a glance which channel is down, since when and until when', async () => {
    await desk.getByRole('link', { name: '支付渠道' }).click({ timeout: SLOW_MS })
    const row = desk.getByRole('row', { name: /微信支付/ })
    await row.waitFor({ timeout: SLOW_MS })
    // Once its pause is over, it is being tried again: both are ways not to work.
    expect(await row.innerText()).toMatch(/没有响应，已暂停|正在试恢复/)
    expect(await row.innerText()).toMatch(/自\s*\d+月\d+日/)
    expect(await row.innerText()).toContain('扣款 0/5 受理')
    expect(await desk.getByRole('row', { name: /支付宝/ }).innerText()).toContain('100%')
    expect(await violationsOn(desk)).toEqual([])
  })

  it('[P4] has its alert taken within its thirty minutes, with a note', async () => {
    await desk.getByText(/剩 \d+ 分/).waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '接手：微信支付 没有响应' }).click()
    await desk.getByLabel(/处理说明/).fill('已联系微信支付技术支持')
    await desk.getByRole('button', { name: '确认接手' }).click()
    await desk.getByText('等人接手的告警').waitFor({ state: 'detached', timeout: SLOW_MS })
    await desk.getByRole('link', { name: /^告警/ }).click()
    await desk.getByText('已联系微信支付技术支持').waitFor({ timeout: SLOW_MS })
    expect(await desk.locator('main').innerText()).toContain('王会计（我） 接手于')
    expect(await violationsOn(desk)).toEqual([])
  })

  it('refuses a day’s limit below that of a payment, in words, and keeps what was typed', async () => {
    await open('/alipay')
    await desk.getByRole('button', { name: '修改条款' }).click({ timeout: SLOW_MS })
    await desk.getByLabel('单笔限额').fill('500')
    await desk.getByLabel('单日限额').fill('499.99')
    await desk.getByRole('button', { name: '保存条款' }).click()
    await desk.getByText('单日限额不能低于单笔限额。').waitFor({ timeout: SLOW_MS })
    expect(problems.splice(0)).toEqual([expect.stringMatching(/^400 PUT .*\/channels\/alipay$/)])
    await desk.getByLabel('单日限额').fill('50000')
    await desk.getByRole('button', { name: '保存条款' }).click()
    await desk.getByText('¥50,000.00').waitFor({ timeout: SLOW_MS })
    expect(await desk.locator('main').innerText()).toContain('¥500.00')
  })

  it('[P4] examines a channel and holds what it found against the standards', async () => {
    await desk.getByRole('button', { name: '添加支付业务许可证' }).click()
    await desk.getByLabel('编号或存放处').fill('Z2000133000019')
    await desk.getByLabel('有效期至').fill('2031-05-02')
    await desk.getByRole('button', { name: '保存', exact: true }).click()
    await desk.getByText('有效至 2031-05-02').first().waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '现在评估' }).click()
    const report = desk.getByRole('table', { name: '准入评估' })
    const licence = report.getByRole('row', { name: /支付业务许可证/ })
    await licence.waitFor({ timeout: SLOW_MS })
    expect(await licence.innerText()).toContain('达标')
    expect(await report.getByRole('row', { name: /合作协议/ }).innerText()).toContain('没有提交')
    expect(await desk.locator('main').innerText()).toContain('还不能准入')
    expect(await violationsOn(desk)).toEqual([])
  })

  it('refuses a tier that was not earned, and grants it by exception', async () => {
    await desk.getByRole('button', { name: '调整等级' }).click()
    await desk.getByLabel(/^辅助/).check()
    await desk.getByLabel('理由', { exact: true }).fill('试运行一个月')
    await desk.getByRole('button', { name: '确认等级' }).click()
    await desk.getByText(/最近的评估不支持把 支付宝 定为 辅助/).waitFor({ timeout: SLOW_MS })
    expect(problems.splice(0)).toEqual([
      expect.stringMatching(/^422 POST .*\/channels\/alipay\/tier$/),
    ])
    await desk.getByLabel('作为例外，超出评估结论').check()
    await desk.getByRole('button', { name: '确认等级' }).click()
    await desk.getByText('定为辅助').waitFor({ timeout: SLOW_MS })
    expect(await desk.locator('main').innerText()).toContain('试运行一个月')
  })

  it('[P5] tries a rule before it is saved, and then saves it', async () => {
    await open('/rules')
    await desk.getByRole('button', { name: '试算' }).click({ timeout: SLOW_MS })
    await desk
      .getByText('渠道暂时没有响应')
      .or(desk.getByText('刚恢复，正在试用'))
      .first()
      .waitFor()
    await desk.getByRole('button', { name: '新增规则' }).click()
    await desk.getByLabel('规则名称').fill('老人刷卡')
    await desk.getByLabel('患者看到的中文说明').fill('刷卡最方便')
    await desk.getByLabel('患者看到的英文说明').fill('A card is easiest')
    await desk.getByRole('dialog').getByLabel('银行卡（POS）').check()
    await desk.getByRole('dialog').getByRole('button', { name: '添加一项' }).click()
    await desk.getByLabel('不低于').fill('65')
    expect(await violationsOn(desk)).toEqual([])
    await desk.getByRole('button', { name: '确定' }).click()
    await desk.getByText('年龄不低于 65 → 优先用 银行卡（POS）（10 分）').waitFor()

    await desk.getByRole('dialog').waitFor({ state: 'hidden' })
    await desk.locator('summary', { hasText: '患者情况' }).click()
    await desk.getByRole('button', { name: '添加一项' }).click()
    await desk.getByLabel('取值').fill('70')
    await desk.getByRole('button', { name: '试算' }).click()
    await desk.getByText('规则：老人刷卡').waitFor({ timeout: SLOW_MS })
    expect(await desk.locator('.ranked > li').first().innerText()).toContain('刷卡最方便')
    await desk.getByText('有修改未保存').waitFor()
    await desk.getByRole('button', { name: '保存规则' }).click()
    await desk.getByText('第 1 版', { exact: true }).waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(desk)).toEqual([])
    await desk.reload()
    await desk.getByText('年龄不低于 65 → 优先用 银行卡（POS）（10 分）').waitFor()
    expect(problems).toEqual([])
  })

  it('fits a phone: no page is wider than the screen', async () => {
    const context = await browser.newContext({
      ...IN_SHANGHAI,
      viewport: { width: 390, height: 844 },
      storageState: await desk.context().storageState(),
    })
    const phone = await context.newPage()
    for (const path of ['', '/alipay', '/rules', '/alerts']) {
      await phone.goto(`${bed.hubUrl}/console/channels${path}`)
      await phone.locator('main h1').waitFor({ timeout: SLOW_MS })
      const beyondPx = await phone.evaluate<number>(
        "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('main'))",
      )
      expect({ path, beyondPx }).toEqual({ path, beyondPx: 0 })
    }
    await context.close()
  })
})
