import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createApi } from '../../apps/api/app.ts'
import { openSandbox, type Sandbox } from '../../apps/cli/channel/sandbox.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { createHub, type Hub } from '../../apps/hub/create-hub.ts'
import { createNewId, type HospitalId } from '../../kernel/id.ts'
import { createSeal } from '../../platform/seal.ts'
import { systemClock, systemRandom } from '../../platform/system.ts'
import { createTestDatabase } from '../../platform/testing/database.ts'
import { wakeBySweep } from '../../platform/wake.ts'
import {
  collectProblems,
  desktopPage,
  launchBrowser,
  skipWithoutBrowser,
} from '../setup/browser.ts'
import { SLOW_MS, violationsOn } from './desk.ts'

// A channel that the hub has never seen, in a real browser: from a template to the hospital's payments, by parameters
// in a form, against a wallet that runs on its own.

const HOSPITAL = 1 as HospitalId
const LOGIN = 'it1'
const PASSWORD = 'Yiqiao-2026-demo'
const SUITE_MS = 150_000
// Without a browser the whole file is left out, and bin/test says so loudly.
describe.skipIf(skipWithoutBrowser)('[P3] a channel by a form', { timeout: 240_000 }, () => {
  let desk: Page
  let browser: Browser
  let wallet: Sandbox
  let hub: Hub
  let problems: string[]
  const stops: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    const running = await openHub()
    hub = running.hub
    stops.push(running.stop)
    wallet = await openSandbox('digital-rmb', 0)
    stops.push(() => wallet.stop())
    browser = await launchBrowser()
    stops.push(() => browser.close())
    desk = await desktopPage(browser)
    problems = collectProblems(desk)
    await signIn(desk, running.url)
  }, 300_000)
  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop()
  })

  it('begins with a template and a name', async () => {
    await desk.getByText('数字人民币').first().click({ timeout: SLOW_MS })
    await desk.getByLabel('渠道名称').fill('city-rmb')
    await desk.getByRole('button', { name: '开始' }).click()
    await desk.getByText('没有问题').waitFor({ timeout: SLOW_MS })
    expect(await desk.locator('h1').innerText()).toContain('city-rmb')
    expect(await violationsOn(desk)).toEqual([])
  })

  it('shows what is wrong beside its field, in the form and in the text, until it is put right', async () => {
    await desk.getByRole('button', { name: '限额' }).click()
    const least = desk.getByLabel('单笔最小金额（分）')
    await least.fill('200000000')
    await desk.getByText('¥2,000,000.00').waitFor()
    const field = desk.locator('.df', { has: least })
    await field.getByText('下限高于上限').waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '/limits/amountMinFen' }).waitFor()
    await least.fill('1')
    await desk.getByText('没有问题').waitFor({ timeout: SLOW_MS })

    await desk.getByRole('button', { name: '文本（YAML）' }).click()
    const text = desk.getByLabel('描述的文本')
    const whole = await text.inputValue()
    await text.fill(whole.replace('signature: field:/sign', 'signature: field:sign'))
    const pointer = desk.getByRole('button', { name: '/answers/verify/signature' })
    await pointer.click({ timeout: SLOW_MS })
    const signature = desk.getByLabel(/签名位置/)
    await desk.locator('.df', { has: signature }).getByText('格式应符合').waitFor()
    expect(await signature.inputValue()).toBe('field:sign')
    expect(await violationsOn(desk)).toEqual([])
    await signature.fill('field:/sign')
    await desk.getByText('没有问题').waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '保存描述' }).click()
    await desk.getByText('第 2 版').waitFor({ timeout: SLOW_MS })
  })

  it('is not taken live before it is filled in and tested, and says what is missing', async () => {
    await desk.getByRole('link', { name: /测试与上线/ }).click()
    await desk.getByText('参数没有填齐').waitFor({ timeout: SLOW_MS })
    await desk.getByText('还没有运行全套检查').waitFor()
    expect(await desk.getByRole('button', { name: '上线', exact: true }).isDisabled()).toBe(true)
    expect(await desk.getByRole('button', { name: '运行全套检查' }).isDisabled()).toBe(true)
  })

  it('takes the contract, and never shows a key again', async () => {
    await desk.getByRole('link', { name: /参数/ }).click()
    for (const [name, value] of Object.entries(wallet.params)) {
      await desk.locator(`#param-${name}`).fill(value)
    }
    await desk.getByRole('button', { name: '保存参数' }).click()
    await desk.getByText('已保存，不显示').first().waitFor({ timeout: SLOW_MS })
    await desk.reload()
    await desk.getByText('已保存，不显示').first().waitFor({ timeout: SLOW_MS })
    expect(await desk.locator('#param-merchantNo').inputValue()).toBe('880100000001')
    expect(await desk.locator('#param-sm4Key').inputValue()).toBe('')
    expect(await desk.content()).not.toContain(wallet.params['sm4Key'])
    expect(await violationsOn(desk)).toEqual([])
  })

  it('shows each operation: what was mapped, signed, sent, answered and read', async () => {
    await desk.getByRole('link', { name: /测试与上线/ }).click()
    await desk.getByLabel('沙箱地址').fill(wallet.url)
    await desk.getByRole('button', { name: '逐项试跑' }).click()
    await desk.getByText('5 项通过，0 项没有通过').waitFor({ timeout: SLOW_MS })
    await desk.locator('.check > summary').nth(1).click()
    const steps = desk.locator('.steps')
    await steps.getByText('拼出请求').first().waitFor({ timeout: SLOW_MS })
    const said = await steps.innerText()
    for (const word of [
      '待签文本',
      '发出的请求',
      '收到的应答',
      '验签',
      '读出结果',
      '输入',
      '输出',
    ]) {
      expect(said).toContain(word)
    }
    expect(said).toContain('merchantNo=880100000001')
    expect(said).not.toContain(wallet.params['sm4Key'])
    expect(await desk.getByRole('button', { name: '上线', exact: true }).isDisabled()).toBe(true)
  })

  it('goes live once every check has passed, and is then the hospital’s', async () => {
    await desk.getByRole('button', { name: '运行全套检查' }).click()
    await desk.getByText('这一版已通过全部检查，可以上线。').waitFor({ timeout: SUITE_MS })
    const live = desk.getByRole('button', { name: '上线', exact: true })
    expect(await live.isDisabled()).toBe(true)
    await desk.getByLabel('我已按渠道的正式文档核对过').check()
    // The button's colours take a moment to change.
    await expect.poll(() => violationsOn(desk), { timeout: SLOW_MS }).toEqual([])
    await live.click()
    await desk.getByText('版已上线，名称 city-rmb。').waitFor({ timeout: SLOW_MS })
    const providers = await hub.providersOf(HOSPITAL)
    expect(providers.get('city-rmb')?.name).toBe('city-rmb')
    expect(problems).toEqual([])
  })

  it('is led to from the list of channels', async () => {
    await desk
      .getByRole('navigation', { name: '主菜单' })
      .getByRole('link', { name: '支付渠道' })
      .click()
    await desk
      .locator('.page-head')
      .getByRole('link', { name: '接入新渠道' })
      .click({ timeout: SLOW_MS })
    await desk.getByText('city-rmb').first().waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
  })
})

async function openHub() {
  await buildWeb()
  const [clock, random] = [systemClock, systemRandom]
  const db = await createTestDatabase()
  const platform = { db, clock, random, newId: createNewId(clock, random) }
  const hub = createHub({
    ...platform,
    seal: createSeal(random.bytes(32), random),
    wake: wakeBySweep,
    canaries: new Set(),
    providerTimeoutMs: 5_000,
    quoteDeadlineMs: 5_000,
    environment: 'sandbox',
    pause: async () => undefined,
  })
  await hub.hospitals.register({
    id: HOSPITAL,
    insuranceCode: 'H31010100001',
    name: '江城市第一人民医院',
    shortName: '市一医院',
    level: '三级甲等',
    status: 'active',
  })
  const passwordHash = await hub.identity.hashPassword(PASSWORD)
  const staff = { hospitalId: HOSPITAL, name: '何工', roles: ['it' as const], login: LOGIN }
  await hub.identity.registerStaff({ ...staff, passwordHash })
  const demo = { walletUrl: null }
  const api = await createApi(hub, { platform, logger: false, demo, webRoot: WEB_ROOT })
  const url = await api.listen({ host: '127.0.0.1', port: 0 })
  const stop = async () => {
    await api.close()
    await hub.partners.close()
    await db[Symbol.asyncDispose]()
  }
  return { hub, url, stop }
}

async function signIn(desk: Page, url: string): Promise<void> {
  await desk.goto(`${url}/console/channels/new`)
  await desk.getByLabel('登录名').fill(LOGIN, { timeout: SLOW_MS })
  await desk.getByLabel('密码').fill(PASSWORD)
  await desk.getByRole('button', { name: '登录', exact: true }).click()
  await desk.getByRole('heading', { name: '接入新渠道' }).waitFor({ timeout: SLOW_MS })
}
