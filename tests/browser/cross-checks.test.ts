import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import { buildWeb, WEB_ROOT } from '../../apps/cli/sandbox/web-build.ts'
import { addDays, businessDateOf } from '../../kernel/time.ts'
import { systemClock } from '../../platform/system.ts'
import { collectProblems, launchBrowser, skipWithoutBrowser } from '../setup/browser.ts'
import { expectReadable, openConsole, SLOW_MS } from './desk.ts'
import { enter, hasFocus } from './keyboard.ts'
import { type OfficeBed, openOfficeBed, SECOND_LOGIN } from './office-bed.ts'

// Two lists that came as files, held against each other as two people agreed: from the red date to the wrong row.

const DAY = addDays(businessDateOf(systemClock.now()), -2)

type Paid = { no: string; amountFen: number }

/** A day list of a hospital's system; the terminals' is of the same layout. */
function dayList(rows: readonly Paid[]): string {
  const lines = rows.map(
    ({ no, amountFen }, i) => `payment,${no},,B${i},R-${no},${amountFen},${DAY}T09:0${i}:00+08:00`,
  )
  const sum = rows.reduce((total, { amountFen }) => total + amountFen, 0)
  const head = 'kind,paymentNo,refundNo,billNo,receiptNo,amountFen,at'
  return [head, ...lines, `#totals,${rows.length},${sum},0,0`, ''].join('\n')
}

const TERMINALS = dayList([
  { no: 'P1', amountFen: 10_000 },
  { no: 'P2', amountFen: 2_850 },
  { no: 'P3', amountFen: 5_000 },
])
// P2 was written down wrong, P3 not at all.
const DESKS = dayList([
  { no: 'P1', amountFen: 10_000 },
  { no: 'P2', amountFen: 3_150 },
])

// Without a browser there is nothing to click.
describe.skipIf(skipWithoutBrowser)('cross-checks in the console', { timeout: 300_000 }, () => {
  let bed: OfficeBed
  let browser: Browser

  beforeAll(async () => {
    await buildWeb()
    bed = await openOfficeBed(WEB_ROOT, { name: 'cross-checks in the console', people: 10 })
    browser = await launchBrowser()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await bed?.stop()
  })

  const finance = () => staffLogin(bed.hospitalId, 'finance')

  const consoleOf = (login: string, path: string) =>
    openConsole(browser, { hubUrl: bed.hubUrl, login, path })

  async function handIn(page: Page, source: string, text: string): Promise<void> {
    const query = new URLSearchParams({ source, name: `${source}.csv`, date: DAY })
    query.set('layout', 'his-day-list')
    const url = `${bed.hubUrl}/v1/hospitals/${bed.hospitalId}/statement-files?${query.toString()}`
    const headers = { 'content-type': 'application/octet-stream', 'x-yiqiao-app': 'console' }
    const answer = await page.request.post(url, { headers, data: Buffer.from(text) })
    expect(await answer.json()).toMatchObject({ status: 'taken' })
  }

  /** As the worker does when it hears of a list. */
  async function compare(source: string): Promise<void> {
    const { crossChecks } = bed.hub.reconciliation
    await crossChecks.wake(bed.hospitalId, { source, date: DAY })
    await crossChecks.sweep(bed.hospitalId)
  }

  it('[B2] one proposes a plan and cannot agree to it; another does', async () => {
    const desk = await consoleOf(finance(), '/cross-checks')
    await desk.getByText('还没有人提出核对方案。').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await desk.getByRole('link', { name: '提出方案' }).click()
    await desk.getByLabel('方案代号').fill('desks', { timeout: SLOW_MS })
    await desk.getByLabel('现成规则').selectOption({ label: '两方：按商户单号' })
    const sides = [
      { name: 'terminals', role: '渠道', source: 'pos' },
      { name: 'desks', role: '医院系统', source: 'desks' },
    ]
    for (const [i, { name, role, source }] of sides.entries()) {
      await desk.getByLabel('代号', { exact: true }).nth(i).fill(name)
      await desk.getByLabel('角色').nth(i).selectOption({ label: role })
      await desk.getByLabel('数据来自').nth(i).selectOption({ label: '该来源的账单文件' })
      await desk.getByLabel('来源代号').nth(i).fill(source)
    }
    await desk.getByText('查看和修改规则').click()
    expect(await desk.getByLabel('规则（JSON）').inputValue()).toContain('"terminals"')
    await expectReadable(desk)
    await desk.getByRole('button', { name: '提出方案' }).click()
    await desk.getByText('请填写生效日期。').waitFor()
    await desk.getByLabel('生效日期').fill(addDays(DAY, -1))
    await desk.getByRole('button', { name: '提出方案' }).click()
    await desk.getByText('待另一人同意').waitFor({ timeout: SLOW_MS })
    await desk.getByRole('button', { name: /^查 ?看$/ }).click()
    await desk.getByLabel('审批意见').fill('我自己同意')
    await desk.getByRole('button', { name: '同意执行' }).click()
    await desk.getByText('提出人不能自己同意，须由另一位财务人员审批。').waitFor()
    await expectReadable(desk)
    await desk.context().close()

    const other = await consoleOf(SECOND_LOGIN, '/cross-checks')
    await other.getByRole('button', { name: /^审 ?批$/ }).click({ timeout: SLOW_MS })
    await other.getByText('按商户单号逐笔核对').first().waitFor()
    await other.getByLabel('审批意见').fill('核对过')
    await other.getByRole('button', { name: '同意执行' }).click()
    await other.getByText('执行中').waitFor({ timeout: SLOW_MS })
    await other.context().close()
  })

  it('[B2] from a red date to the wrong row in three clicks, and from a case in one', async () => {
    const desk = await consoleOf(finance(), `/cross-checks?date=${DAY}`)
    const problems = collectProblems(desk)
    const tile = desk.getByRole('row', { name: new RegExp(DAY) }).getByRole('link')
    await desk.getByText('未核对').first().waitFor({ timeout: SLOW_MS })
    await handIn(desk, 'pos', TERMINALS)
    await compare('pos')
    await desk.reload()
    await desk.getByText('等待desks的账单文件').waitFor({ timeout: SLOW_MS })
    await handIn(desk, 'desks', DESKS)
    await compare('desks')
    await desk.reload()

    await tile.getByText('2 项待处理').waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await enter(desk, tile)
    await desk.getByRole('heading', { name: '差额从哪里来' }).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    await enter(desk, desk.getByRole('link', { name: '医院系统金额不符' }))
    await enter(desk, desk.getByRole('link', { name: 'P2', exact: true }))
    const detail = desk.getByRole('article')
    await detail.getByRole('cell', { name: /不一致.*¥31\.50/ }).waitFor({ timeout: SLOW_MS })
    expect(await hasFocus(desk, detail.getByRole('heading'))).toBe(true)
    await expectReadable(desk)
    const download = desk.waitForEvent('download')
    await enter(desk, desk.getByRole('button', { name: /CSV/ }))
    expect((await download).suggestedFilename()).toBe(`多方核对-desks-${DAY}-amount_his.csv`)

    await desk.goto(`${bed.hubUrl}/console/cases?class=cross_check`)
    await desk
      .getByRole('row', { name: /长款：仅渠道有/ })
      .getByRole('link', { name: '多方核对有差异' })
      .click({ timeout: SLOW_MS })
    await desk.getByRole('link', { name: '看多方核对' }).click({ timeout: SLOW_MS })
    const ofCase = desk.getByRole('region', { name: '工单所指的差异' })
    await ofCase.getByRole('cell', { name: /没有这笔/ }).waitFor({ timeout: SLOW_MS })
    await expectReadable(desk)
    expect(problems).toEqual([])
    await desk.context().close()
  })
})
