// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'

import type { RefundRequest } from '../../../../contract/client.ts'
import type { Staff } from '../../shell/staff.ts'
import { answerWith, FINANCE, openConsole, problem } from '../../testing/console.tsx'
import { draftOfRule, readRuleDraft } from './rule-draft.ts'
import { actOf } from './words.ts'

afterEach(() => {
  cleanup()
  sessionStorage.clear()
  proposal = null
  vi.unstubAllGlobals()
})

const RULE = { aboveFen: 500_000, lateAfterDays: 90, mostADay: 50, hisAboveFen: 2_000_000 }
let proposal: object | null = null
const COLLEAGUE = 'staff:0190b3a0-0000-7000-8000-0000000000aa'

const someRequest = (changes: Partial<RefundRequest> = {}): RefundRequest => ({
  id: '0190b3a0-0000-7000-8000-000000000001',
  hospitalId: 1,
  paymentId: '0190b3a0-0000-7000-8000-000000000002',
  paymentNo: '0001ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  billNo: 'ZD1',
  lineNos: [2],
  amountFen: 600_000,
  reason: '医生更改医嘱',
  why: ['amount'],
  status: 'waiting',
  requestedBy: COLLEAGUE,
  decidedBy: null,
  decisionNote: null,
  createdAt: '2026-11-21T03:00:00Z',
  decidedAt: null,
  ...changes,
})

/** The page with what the hub has; what is sent to change something is answered too. */
async function open(items: RefundRequest[], path = '/refunds/approvals', me: Staff = FINANCE) {
  const sent = answerWith({
    '/v1/me': () => me,
    '/refund-requests': () => ({ items }),
    '/refund-rule': () => ({ ...RULE, proposal }),
    '/decision': () => ({ ...RULE, proposal: null }),
    '/approve': () => ({ id: items[0]?.id }),
    '/decline': () => items[0],
  })
  await openConsole(path)
  return () => sent.filter(({ method }) => method !== 'GET')
}

it('shows what waits with why, and agrees only to the exact amount', async () => {
  const changes = await open([someRequest()])
  expect(await screen.findByText('超过一人可退的金额。')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: '复核退款' }))
  const dialog = within(await screen.findByRole('dialog'))
  const decline = dialog.getByRole<HTMLButtonElement>('button', { name: '不同意' })
  expect(decline.disabled).toBe(true)
  fireEvent.click(dialog.getByRole('button', { name: '同意退款 ¥6,000.00' }))
  await vi.waitFor(() => expect(changes()).toHaveLength(1))
  const [approve] = changes()
  expect(approve?.url).toMatch(/refund-requests\/0190b3a0-0000-7000-8000-000000000001\/approve$/)
  expect(approve?.headers.get('idempotency-key')).toBeTruthy()
})

it('refuses with a reason', async () => {
  const changes = await open([someRequest()])
  fireEvent.click(await screen.findByRole('button', { name: '复核退款' }))
  const dialog = within(await screen.findByRole('dialog'))
  fireEvent.change(dialog.getByLabelText('不同意的理由'), { target: { value: ' 金额不对 ' } })
  fireEvent.click(dialog.getByRole('button', { name: '不同意' }))
  await vi.waitFor(() => expect(changes()).toHaveLength(1))
  expect(await changes()[0]?.json()).toEqual({ note: '金额不对' })
})

it('offers nobody to approve their own wish', async () => {
  await open([
    someRequest({ requestedBy: `staff:${FINANCE.kind === 'staff' ? FINANCE.staffId : ''}` }),
  ])
  fireEvent.click(await screen.findByRole('button', { name: '撤回申请' }))
  const dialog = within(await screen.findByRole('dialog'))
  expect(dialog.queryByRole('button', { name: /同意退款/ })).toBeNull()
  expect(dialog.getByText('自己的申请不能自己复核，只能撤回。')).toBeTruthy()
})

it('says so when nothing waits, when the hub refuses, and how many wait on the list of refunds', async () => {
  await open([])
  expect(await screen.findByText('没有等待复核的退款。')).toBeTruthy()
  cleanup()
  answerWith({ '/refund-requests': () => problem(403, 'http.forbidden') })
  await openConsole('/refunds/approvals')
  expect(await screen.findByText('您没有权限查看或操作这项内容。')).toBeTruthy()
  cleanup()
  await open([someRequest()], '/refunds')
  expect(await screen.findByRole('link', { name: '待复核 1' })).toBeTruthy()
})

it('IT says what takes two people, finance only reads it', async () => {
  await open([])
  expect(
    await screen.findByText('由信息科设置；放宽须另一人同意，财务不能给自己放宽。'),
  ).toBeTruthy()
  expect(screen.queryByRole('button', { name: /^修 ?改$/ })).toBeNull()
  cleanup()
  const changes = await open([], '/refunds/approvals', { ...FINANCE, roles: ['it'] })
  fireEvent.click(await screen.findByRole('button', { name: /^修 ?改$/ }))
  const above = screen.getByLabelText('一人可退同一笔缴费的金额上限（元）')
  fireEvent.change(above, { target: { value: '5,000' } })
  expect(screen.getByText('请填写不超过 200000 的金额，如 5000 或 5000.00。')).toBeTruthy()
  expect(screen.getByRole<HTMLButtonElement>('button', { name: /^保 ?存$/ }).disabled).toBe(true)
  fireEvent.change(above, { target: { value: '1000.5' } })
  fireEvent.change(screen.getByLabelText('一人一天可发起的退款笔数'), { target: { value: '' } })
  fireEvent.click(screen.getByRole('button', { name: /^保 ?存$/ }))
  await vi.waitFor(() => expect(changes()).toHaveLength(1))
  expect(await changes()[0]?.json()).toEqual({
    aboveFen: 100_050,
    lateAfterDays: 90,
    mostADay: null,
    hisAboveFen: 2_000_000,
  })
})

it('a typed rule is read to the fen or refused by the field that is wrong', () => {
  expect(readRuleDraft(draftOfRule(RULE))).toEqual(RULE)
  const none = { aboveFen: null, lateAfterDays: null, mostADay: null, hisAboveFen: null }
  expect(readRuleDraft(draftOfRule(none))).toEqual(none)
  const draft = draftOfRule(RULE)
  expect(readRuleDraft({ ...draft, above: '200000.01' })).toEqual({ problem: 'above' })
  expect(readRuleDraft({ ...draft, hisAbove: '1000000.01' })).toEqual({ problem: 'hisAbove' })
  expect(readRuleDraft({ ...draft, mostADay: '501' })).toEqual({ problem: 'mostADay' })
  expect(readRuleDraft({ ...draft, above: '-1' })).toEqual({ problem: 'above' })
  expect(readRuleDraft({ ...draft, lateAfterDays: '366' })).toEqual({ problem: 'lateAfterDays' })
  expect(readRuleDraft({ ...draft, mostADay: '1.5' })).toEqual({ problem: 'mostADay' })
})

it('who can do what', () => {
  const cashier: Staff = { ...FINANCE, roles: ['cashier'] }
  expect(actOf(someRequest(), FINANCE)).toBe('decide')
  expect(actOf(someRequest(), cashier)).toBe('look')
  expect(actOf(someRequest({ requestedBy: `staff:${cashier.staffId}` }), cashier)).toBe('withdraw')
  expect(actOf(someRequest({ status: 'approved' }), FINANCE)).toBe('look')
})

const looser = (proposedBy: string) => ({
  id: '0190b3a0-0000-7000-8000-0000000000bb',
  rule: { ...RULE, aboveFen: 9_000_000 },
  proposedBy,
  createdAt: '2026-11-21T03:00:00Z',
})

it('a looser rule is agreed to by somebody else than who proposed it', async () => {
  proposal = looser(COLLEAGUE)
  const changes = await open([])
  expect(await screen.findByText('¥90,000.00')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: '同意放宽' }))
  await vi.waitFor(() => expect(changes()).toHaveLength(1))
  expect(changes()[0]?.url).toMatch(/refund-rule\/proposals\/[^/]+\/decision$/)
  expect(await changes()[0]?.json()).toEqual({ isAgreed: true })
})

it('who proposed it may only take it back', async () => {
  proposal = looser(`staff:${FINANCE.kind === 'staff' ? FINANCE.staffId : ''}`)
  await open([])
  expect(await screen.findByRole('button', { name: '不放宽' })).toBeTruthy()
  expect(screen.queryByRole('button', { name: '同意放宽' })).toBeNull()
})
