import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { FIXTURES, HOSPITAL, openOnboarding, SECOND_IT } from '../onboarding/stage.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { expectReadable, openConsole, SLOW_MS } from './desk.ts'

// A hospital that is connected to nothing, until two of its IT have it live, by what the console asks for.

const LONG_MS = 120_000

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('connecting a hospital', { timeout: 240_000 }, () => {
  let bed: Awaited<ReturnType<typeof openOnboarding>>
  let browser: Browser
  let desk: Page

  beforeAll(async () => {
    await buildWeb()
    bed = await openOnboarding(WEB_ROOT)
    browser = await launchBrowser()
    desk = await consoleOf(staffLogin(HOSPITAL, 'it'))
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const consoleOf = (login: string) =>
    openConsole(browser, { hubUrl: bed.hubUrl, login, path: '/onboarding' })

  it('[H2] an address that is not there is named as such', async () => {
    const problems = collectProblems(desk)
    await desk.getByLabel('医院系统是哪种产品').selectOption('guangzhou', { timeout: SLOW_MS })
    await fill({ ...bed.params, baseUrl: 'http://127.0.0.1:1' })
    await desk.getByRole('button', { name: /^保 ?存$/ }).click()
    await desk.getByRole('button', { name: '现在试连' }).click()
    await desk.getByText('连接被拒绝').first().waitFor({ timeout: SLOW_MS })
    await desk.getByText('试连没有通过').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    expect(problems).toEqual([])
  })

  it('[H2] [H4] it is probed, mapped, tried and put forward', async () => {
    const problems = collectProblems(desk)
    await fill(bed.params)
    await desk.getByRole('button', { name: /^保 ?存$/ }).click()
    await desk.getByText('第 2 版').waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '现在试连' }).click()
    const departments = desk.getByRole('table', { name: '科室对照' })
    await departments.getByRole('row').nth(2).waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '采用每个的第一条建议' }).click()
    for (const left of await departments.getByRole('textbox').all()) {
      if ((await left.inputValue()) === '') await left.fill('03')
    }
    await desk.getByText('还有 0 个没有对照').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('button', { name: '保存对照' }).click()
    await desk.getByText('第 3 版').waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: '现在试连' }).click()
    await desk.getByText('这一版还没有试连。').waitFor({ state: 'hidden', timeout: SLOW_MS })

    await desk.getByLabel('测试患者证件号').fill(FIXTURES.patients[0]?.idCardNo ?? '')
    await desk.getByLabel('测试患者姓名').fill(FIXTURES.patients[0]?.name ?? '')
    await desk.getByRole('button', { name: '现在试查' }).click()
    const dry = desk.getByRole('list', { name: '试查' })
    await dry.getByText('departments.list').waitFor({ timeout: SLOW_MS })
    await dry.getByText('原文与标准形式对照').first().click()
    await dry.getByRole('region', { name: '标准形式' }).first().waitFor()
    await expectReadable(desk)

    const fixtures = { ...FIXTURES, hands: { url: bed.handsUrl } }
    await desk.getByLabel('测试数据（JSON）').fill('{')
    await desk.getByRole('button', { name: '开始测试' }).click()
    await desk.getByText('不是 JSON 对象。').waitFor()
    await desk.getByLabel('测试数据（JSON）').fill(JSON.stringify(fixtures))
    await desk.getByRole('button', { name: '开始测试' }).click()
    await desk.getByText('符合', { exact: true }).waitFor({ timeout: LONG_MS })
    await desk.getByLabel('说明').fill('先试点缴费')
    await expectReadable(desk)
    await desk.getByRole('button', { name: '提请上线' }).click()
    await desk.getByText('由您提请，要另一位同事同意。').waitFor({ timeout: SLOW_MS })
    expect(problems).toEqual([])
  })

  it('[H4] another of IT reads the file and switches it on', async () => {
    const other = await consoleOf(SECOND_IT)
    await other.getByText('看要上线的文件').click({ timeout: SLOW_MS })
    expect(await other.locator('.review-file').innerText()).toContain('guangzhou')
    await other.getByRole('button', { name: '同意上线' }).click()
    await other
      .getByRole('region', { name: '上线' })
      .getByText('已上线')
      .waitFor({ timeout: SLOW_MS })
    await expectReadable(other)
    const system = await bed.hub.connections.his.of(HOSPITAL)
    expect(await system?.heartbeat({ trace: () => undefined })).toMatchObject({ outcome: 'ok' })
    await other.context().close()
  })

  /** By the parameters' titles in the descriptor. */
  async function fill(params: typeof bed.params): Promise<void> {
    const fields = {
      '接口地址（不含 /doReqToHis）': params.baseUrl,
      医院编号: params.hospitalId,
      对账文件目录: params.files,
      '支付方式代码 payMode': params.payMode,
      '医保类型代码 medCode': params.medCode,
    }
    for (const [label, value] of Object.entries(fields)) await desk.getByLabel(label).fill(value)
  }
})
