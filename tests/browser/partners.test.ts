import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { payNewBill } from '../../apps/cli/events/demo-visit.ts'
import { SANDBOX_PEOPLE, SANDBOX_SEED } from '../../apps/cli/sandbox/files.ts'
import { DEMO_PASSWORD, staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { createWorld } from '../../apps/simulators/world/index.ts'
import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { systemRandom } from '../../platform/system.ts'
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

// A partner joins by the console: IT registers its application, sees its calls arrive, finds out why one failed, and
// sends again the event that its receiver refused.

const HOSPITAL = 1 as HospitalId
const NAME = '滨海银行手机银行'

// Without a browser the whole file is left out, and bin/test says so loudly.
describe.skipIf(skipWithoutBrowser)('a partner in the console', { timeout: 180_000 }, () => {
  let sandbox: Sandbox
  let browser: Browser
  let desk: Page
  let problems: string[]
  let receiver: Awaited<ReturnType<typeof startReceiver>>
  let client: { id: string; secret: string }
  let refusedId: string

  beforeAll(async () => {
    receiver = await startReceiver()
    sandbox = await startSandbox()
    browser = await launchBrowser()
    desk = await desktopPage(browser)
    problems = collectProblems(desk)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await sandbox?.stop()
    await receiver?.stop()
  })

  const partner = (path: string) => `${sandbox.hubUrl}/v1/hospitals/${HOSPITAL}/partner${path}`

  it('is registered by IT, who sees its secret this once', async () => {
    await signIn(desk, sandbox.hubUrl)
    await desk.getByRole('link', { name: '应用与接口' }).click({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '登记应用' }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel('应用名称').fill(NAME)
    await dialog.getByLabel(/查看缴费与退款/).check()
    await dialog.getByRole('button', { name: '登记并生成密钥' }).click()
    await dialog.getByText('密钥只显示这一次').waitFor({ timeout: SLOW_MS })
    const shown = await dialog.innerText()
    client = {
      id: /yqc_[0-9a-f]{24}/.exec(shown)?.[0] ?? '',
      secret: /yqs_test_[0-9a-f]{64}/.exec(shown)?.[0] ?? '',
    }
    await dialog.getByRole('button', { name: '我已保存，关闭' }).click()
    await desk.getByRole('heading', { name: new RegExp(NAME) }).waitFor({ timeout: SLOW_MS })
    const page = await desk.locator('body').innerText()
    expect(page).toContain(client.id)
    expect(page).not.toContain(client.secret)
  })

  it('calls, and each call stands in the log with how it ended', async () => {
    const headers = { authorization: `Bearer ${await tokenOf(sandbox.hubUrl, client)}` }
    expect((await fetch(partner('/events'), { headers })).status).toBe(200)
    const missing = await fetch(partner('/events/0190b3a0-0000-7000-8000-000000000001'), {
      headers,
    })
    expect(missing.status).toBe(404)
    refusedId = ((await missing.json()) as { instance: string }).instance

    await desk.getByRole('link', { name: '查看请求记录' }).click()
    const log = desk.getByRole('table', { name: '请求记录' })
    await log.getByText(/\/v1\/oauth\/token/).waitFor({ timeout: SLOW_MS })
    expect(await log.getByRole('row').count()).toBe(1 + 3)
    await desk.getByRole('textbox', { name: '请求编号' }).fill(refusedId)
    await desk.getByRole('button', { name: '查询' }).click()
    await desk.waitForURL(/requestId=/)
    const row = log.getByRole('row').filter({ hasText: '404' })
    await row.getByRole('link').click()
    const pane = desk.getByRole('complementary', { name: '一次调用' })
    await pane.getByText(refusedId).waitFor({ timeout: SLOW_MS })
    const facts = await pane.innerText()
    for (const fact of ['partners.event_not_found', '没有找到这个事件', NAME, '访问令牌', '毫秒']) {
      expect(facts).toContain(fact)
    }
    await desk.keyboard.press('Escape')
    await pane.waitFor({ state: 'detached' })
    await desk.getByRole('button', { name: '清除筛选' }).click()
    await desk.getByRole('button', { name: '被拒绝' }).click()
    await desk.waitForURL(/status=4xx/)
    await log.getByText('partners.event_not_found').waitFor({ timeout: SLOW_MS })
    expect(await log.getByRole('row').count()).toBe(1 + 1)
  })

  it('is given an endpoint by IT, whose secret is seen this once', async () => {
    await desk.getByRole('link', { name: '应用与接口' }).click()
    await desk.getByRole('link', { name: NAME, exact: true }).click()
    await desk.getByRole('button', { name: '添加接收地址' }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel(/地址/).fill('http://192.168.1.1/hook')
    await dialog.getByRole('button', { name: '添加并生成密钥' }).click()
    await dialog.getByRole('alert').waitFor({ timeout: SLOW_MS })
    await dialog.getByLabel(/地址/).fill(receiver.url)
    await dialog.getByLabel(/缴费关闭/).uncheck()
    await dialog.getByRole('button', { name: '添加并生成密钥' }).click()
    await dialog.getByText('密钥只显示这一次').waitFor({ timeout: SLOW_MS })
    const secret = /whsec_[\w+/=]+/.exec(await dialog.innerText())?.[0] ?? ''
    expect(secret.length).toBeGreaterThan(30)
    await dialog.getByRole('button', { name: '我已保存，关闭' }).click()
    const row = desk.getByRole('table', { name: '接收地址' }).getByRole('row')
    await row.filter({ hasText: receiver.url }).waitFor({ timeout: SLOW_MS })
    const page = await desk.locator('body').innerText()
    expect(page).not.toContain(secret)
    expect(await row.filter({ hasText: receiver.url }).innerText()).not.toContain('缴费关闭')
    // The address of a private network, which was refused.
    expect(problems.splice(0)).toEqual([expect.stringMatching(/^400 POST .+\/endpoints$/)])
  })

  it('refuses an event, and gets it when IT sends it again', async () => {
    await payNewBill(regionOf(sandbox))
    const deliveries = desk.getByRole('table', { name: '事件投递' })
    const row = deliveries.getByRole('row').filter({ hasText: '对方拒绝 503' })
    await row.waitFor({ timeout: SLOW_MS })
    expect(await row.innerText()).toContain('待投递')
    await row.getByRole('link', { name: '缴费成功' }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByText('the receiver is being mended').first().waitFor({ timeout: SLOW_MS })
    receiver.mend()
    await dialog.getByRole('button', { name: '重新投递' }).click()
    await dialog.getByText('已送达').waitFor({ timeout: SLOW_MS })
    expect(await dialog.getByRole('table').innerText()).toContain('2.1')
    await desk.keyboard.press('Escape')
    await deliveries.getByText('已收下 200').waitFor({ timeout: SLOW_MS })
    expect(receiver.taken()).toEqual(['payment.succeeded'])
  })

  it('misses a range, and IT sends all of it again', async () => {
    await desk.getByRole('button', { name: '批量重新投递' }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel('已送达').check()
    await dialog.getByRole('button', { name: '开始投递' }).click()
    await dialog.getByText('已安排重新投递 1 个').waitFor({ timeout: SLOW_MS })
    await desk.keyboard.press('Escape')
    await expect.poll(() => receiver.taken().length, { timeout: SLOW_MS }).toBe(2)
    expect(problems).toEqual([])
  })

  it('has its endpoint switched off and on, given a new secret, and ended by IT', async () => {
    const endpoints = desk.getByRole('table', { name: '接收地址' })
    const dialog = desk.getByRole('dialog')
    const open = () => desk.getByRole('button', { name: `更改 ${receiver.url}` }).click()
    await open()
    await dialog.getByRole('button', { name: '停用' }).click()
    await endpoints.getByText('已停用').waitFor({ timeout: SLOW_MS })
    await open()
    await dialog.getByRole('button', { name: '启用' }).click()
    await endpoints.getByText('启用中').waitFor({ timeout: SLOW_MS })
    await open()
    await dialog.getByRole('button', { name: '更换签名密钥' }).click()
    await dialog.getByText('旧密钥同时有效至').waitFor({ timeout: SLOW_MS })
    expect(await dialog.innerText()).toMatch(/whsec_/)
    await dialog.getByRole('button', { name: '我已保存，关闭' }).click()
    await open()
    await dialog.getByLabel(/缴费关闭/).check()
    await dialog.getByRole('button', { name: '保存' }).click()
    await endpoints.getByText('缴费关闭').waitFor({ timeout: SLOW_MS })
    await open()
    await dialog.getByRole('button', { name: '移除' }).click()
    await dialog.getByRole('button', { name: '确认移除' }).click()
    await desk.getByText('还没有接收地址').waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
  })

  it('[F1] is accessible on every page, and fits a phone', async () => {
    const { pathname } = new URL(desk.url())
    const paths = [pathname, '/console/partners', '/console/partners/requests']
    const context = await browser.newContext(IN_SHANGHAI)
    const page = await context.newPage()
    await signIn(page, sandbox.hubUrl)
    for (const path of paths) {
      await page.goto(sandbox.hubUrl + path)
      await shown(page)
      expect(await violationsOn(page), path).toEqual([])
    }
    await page.goto(sandbox.hubUrl + pathname)
    await page.getByRole('button', { name: '添加接收地址' }).click({ timeout: SLOW_MS })
    await page
      .getByRole('dialog')
      .getByLabel(/缴费成功/)
      .waitFor({ timeout: SLOW_MS })
    expect(await violationsOn(page), 'dialog').toEqual([])
    await context.close()

    const phone = await phonePage(browser)
    await signIn(phone, sandbox.hubUrl)
    for (const path of paths) {
      await phone.goto(sandbox.hubUrl + path)
      await shown(phone)
      const width = await phone.evaluate<number>('document.documentElement.scrollWidth')
      expect([path, width]).toEqual([path, 390])
    }
    await phone.close()
  })
})

/** The page has what it is about: its head, or a row of its list. */
const shown = (page: Page) =>
  page.locator('h1, td').filter({ hasText: NAME }).first().waitFor({ timeout: SLOW_MS })

async function signIn(page: Page, hubUrl: string): Promise<void> {
  await page.goto(`${hubUrl}/console/`)
  await page.locator('input[name=username]').fill(staffLogin(HOSPITAL, 'it'), { timeout: SLOW_MS })
  await page.locator('input[name=password]').fill(DEMO_PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('navigation', { name: '主菜单' }).waitFor({ timeout: SLOW_MS })
}

async function tokenOf(hubUrl: string, { id, secret }: { id: string; secret: string }) {
  const response = await fetch(`${hubUrl}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
    }),
  })
  expect(response.status).toBe(200)
  return ((await response.json()) as { access_token: string }).access_token
}

/** The partner's own server: refuses what comes until it is mended. */
async function startReceiver() {
  const taken: string[] = []
  let isMended = false
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (!isMended) {
        response.writeHead(503).end('the receiver is being mended')
        return
      }
      const { type } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { type: string }
      taken.push(type)
      response.writeHead(200).end('ok')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/yiqiao`,
    taken: () => taken,
    mend: () => void (isMended = true),
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** Somebody of the sandbox who pays by the wallet alone. */
function regionOf({ hubUrl, hisUrls }: Sandbox) {
  const { people } = createWorld(SANDBOX_SEED, { people: SANDBOX_PEOPLE })
  const payer = people.find(
    ({ insurance, media }) =>
      insurance === null && media.hospitalCards.some(({ hospitalId }) => hospitalId === HOSPITAL),
  )
  assert(payer, 'somebody without insurance has a card of the hospital')
  return {
    hubUrl,
    hisUrl: hisUrls[HOSPITAL] ?? '',
    walletUrl: null,
    hospitalId: HOSPITAL,
    payer: { no: payer.no, login: payer.phone },
    finance: staffLogin(HOSPITAL),
    password: DEMO_PASSWORD,
    walletPassword: '123456',
    random: systemRandom,
  }
}
