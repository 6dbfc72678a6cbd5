// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { Staff } from '../shell/staff.ts'
import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'
import type { CrossCheck, Difference, Row, Run } from './model.ts'
import { EMPTY_PLAN, readPlanDraft } from './plan-draft.ts'
import { SIDES_OF_SET } from './rule-sets.ts'

// A page is loaded when it is first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-22T02:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
  cleanup()
  localStorage.clear()
  vi.unstubAllGlobals()
})

const AUDITOR: Staff = { ...FINANCE, roles: ['auditor'] }
const DATE = '2026-11-20'
const RUN_ID = 'a'.repeat(64)
const CHECKS = '/reconciliation/cross-checks'

const { plan } = readPlanDraft({
  ...EMPTY_PLAN,
  name: 'three-way',
  validFrom: '2026-11-18',
  sides: SIDES_OF_SET.three.map((side) => ({ ...side, source: side.source || 'wechat' })),
})

const TERMS = {
  id: '0190b3a0-0000-7000-8000-0000000000c1',
  kind: 'cross_check',
  name: 'three-way',
  validFrom: '2026-11-18',
  content: plan?.content,
  status: 'agreed',
  proposedBy: 'staff:0190b3a0-0000-7000-8000-0000000000aa',
  proposedAt: '2026-11-17T02:00:00Z',
  decidedBy: `staff:${FINANCE.staffId}`,
  decidedAt: '2026-11-17T03:00:00Z',
  reason: 'as agreed',
}

const check = (date: string, changes: Partial<CrossCheck> = {}): CrossCheck => ({
  name: 'three-way',
  date,
  status: 'complete',
  isDue: false,
  reason: null,
  runId: RUN_ID,
  differences: 1,
  updatedAt: '2026-11-21T03:00:00Z',
  ...changes,
})

const ITEMS = [
  check(DATE),
  check('2026-11-19', {
    status: 'failed',
    runId: null,
    reason: 'reconciliation.matching_too_different {"open":400000,"most":300000}',
  }),
  check('2026-11-18', { status: 'waiting', runId: null, reason: 'list wechat' }),
]

const row = (side: string, changes: Partial<Row> = {}): Row => ({
  side,
  lines: 1,
  lineNo: 4,
  ourNo: 'A1',
  providerNo: null,
  amountFen: 2_850,
  feeFen: null,
  occurredAt: '2026-11-20T09:00:00+08:00',
  businessDate: DATE,
  account: null,
  memo: null,
  ...changes,
})

const NEAR: Difference = {
  no: 7,
  relation: 'trades',
  class: 'hub_only',
  kind: 'charge',
  key: 'A1',
  sides: [
    { side: 'hub', lines: 1, amountFen: 2_850 },
    { side: 'channel', lines: 0, amountFen: 0 },
  ],
  atStakeFen: 2_850,
  repair: 'query_again',
  rule: 'provider_no',
  because: 'amount',
  rows: [row('hub', { providerNo: 'W1' })],
  near: [row('channel', { ourNo: null, providerNo: 'W1', amountFen: 2_800 })],
}

const closure = (theirs: string, cause: string): Run['closures'][number] => ({
  relation: 'trades',
  ours: 'hub',
  theirs,
  kind: 'charge',
  oursTotal: { lines: 2, amountFen: 12_850 },
  gaps: [{ cause, lines: -1, amountFen: -2_850 }],
  theirsTotal: { lines: 1, amountFen: 10_000 },
})

const RUN: Run = {
  runId: RUN_ID,
  date: DATE,
  digest: 'f'.repeat(64),
  startedAt: '2026-11-21T02:59:00Z',
  completedAt: '2026-11-21T03:00:00Z',
  rules: [{ relation: 'trades', rule: 'our_no', matches: 1, amountFen: 10_000 }],
  closures: [closure('channel', 'hub_only'), closure('hospital', 'carried')],
  classes: [{ class: 'hub_only', count: 1, atStakeFen: 2_850, repair: 'query_again' }],
  carried: 1,
}

const hub = (more: Parameters<typeof answerWith>[0] = {}) =>
  answerWith({
    '/reconciliation/cases': () => ({
      items: [{ id: 'c1', subject: `cross_check:three-way:${DATE}:trades:charge:A1` }],
    }),
    [`${CHECKS}/plans`]: () => ({ items: [TERMS] }),
    [`${CHECKS}/runs/${RUN_ID}`]: () => RUN,
    [`${CHECKS}/runs/${RUN_ID}/differences`]: () => ({ items: [NEAR] }),
    [CHECKS]: () => ({ items: ITEMS }),
    ...more,
  })

const RUN_PATH = `/cross-checks/run?date=${DATE}&plan=three-way`

describe('[B2] a month of cross-checks', () => {
  it('says of each date how it stands, in words and with the reason', async () => {
    hub()
    await openConsole(`/cross-checks?date=${DATE}`)
    const rowOf = async (date: string) =>
      within(await screen.findByRole('row', { name: new RegExp(`^${date}`) }))
    ;(await rowOf(DATE)).getByText('1 项待处理')
    ;(await rowOf('2026-11-19')).getByText(/差异过多（400000 笔/)
    ;(await rowOf('2026-11-18')).getByText('等待微信支付的账单比对完')
    // Before the plan nothing is compared, and nothing is said.
    expect(screen.queryByRole('row', { name: /^2026-11-17/ })).toBeNull()
  })

  it('offers nothing to propose to who may only read, and fails in words', async () => {
    hub({ '/v1/me': () => AUDITOR, [CHECKS]: () => problem(500, 'http.internal') })
    await openConsole(`/cross-checks?date=${DATE}`)
    await screen.findByRole('alert')
    expect(screen.queryByRole('link', { name: '提出方案' })).toBeNull()
  })
})

describe('[B2] one comparison', () => {
  it('shows why theirs is not ours for each two sides, by rule what matched, and what each class means', async () => {
    hub()
    await openConsole(RUN_PATH)
    await screen.findByText('渠道没有收到，或列在了后面的账单里。')
    screen.getByText('向对方再查询')
    screen.getByText('按商户单号逐笔核对')
    screen.getByRole('table', { name: '收款：从平台记录（微信支付）到渠道（微信支付）' })
    const pairs = screen.getByLabelText('哪两方')
    fireEvent.change(pairs, { target: { value: 'trades charge hub hospital' } })
    const steps = screen.getByRole('table', { name: '收款：从平台记录（微信支付）到医院系统' })
    const bars = within(steps).getAllByRole('rowheader')
    expect(bars.map(({ textContent }) => textContent)).toEqual([
      '平台记录（微信支付）',
      '结转次日',
      '医院系统',
    ])
  })

  it('opens a difference with what stood against a match', async () => {
    hub()
    const { url } = await openConsole(RUN_PATH)
    fireEvent.click(await screen.findByRole('link', { name: '短款：仅平台有' }))
    fireEvent.click(await screen.findByRole('link', { name: 'A1' }))
    const detail = within(await screen.findByRole('article'))
    detail.getByText('再按渠道单号核对')
    detail.getByText('没有这笔')
    detail.getByText('其余都相符，只是金额不同，所以没有对上。')
    within(detail.getByRole('table', { name: '几乎对上的行' })).getByText('¥28.00')
    expect(url()).toContain('class=hub_only')
    expect(url()).toContain('no=7')
  })

  it('has it compared anew for finance only', async () => {
    const sent = hub({ '/rerun': () => new Response(null, { status: 202 }) })
    await openConsole(RUN_PATH)
    fireEvent.click(await screen.findByRole('button', { name: '重新核对' }))
    await screen.findByText('已安排核对，完成后自动显示。')
    expect(sent.some(({ url }) => url.endsWith(`/three-way/${DATE}/rerun`))).toBe(true)
    cleanup()
    const asked = hub({ '/v1/me': () => AUDITOR })
    await openConsole(RUN_PATH)
    fireEvent.click(await screen.findByRole('button', { name: '重新核对' }))
    expect(asked.every(({ method }) => method === 'GET')).toBe(true)
  })

  it('leads from a case to what it is about, and says when that is gone', async () => {
    hub()
    await openConsole(`${RUN_PATH}&relation=trades&kind=charge&number=A1`)
    const ofCase = () => screen.findByRole('region', { name: '工单所指的差异' })
    await within(await ofCase()).findByRole('article')
    cleanup()
    await openConsole(`${RUN_PATH}&relation=trades&kind=charge&number=A9`)
    await within(await ofCase()).findByText('最近一次核对里已经没有这笔差异。')
    expect(within(await ofCase()).queryByRole('article')).toBeNull()
  })
})
