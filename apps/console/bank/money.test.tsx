// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Staff } from '../shell/staff.ts'
import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'
import type { Collection, LenderLine, Payout } from './model.ts'

// A page is loaded when it is first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

const LENDER = 900_001
const BANKER: Staff = { ...FINANCE, name: '金信贷', hospitalId: LENDER }
const AUDITOR: Staff = { ...BANKER, roles: ['auditor'] }
const LOAN_ID = '0190b3a0-0000-7000-8000-000000000011'
const LINE_ID = '0190b3a0-0000-7000-8000-000000000012'
const PERSON_ID = '0190b3a0-0000-7000-8000-000000000013'
const COLLEAGUE = 'staff:0190b3a0-0000-7000-8000-0000000000aa'

const COLLECTION: Collection = {
  number: 'JAG101M81FHM0JECA9RHTFZDFX7BDE',
  loanId: LOAN_ID,
  visitId: null,
  personId: PERSON_ID,
  source: 'payer',
  amountFen: 128_900,
  requestedAt: '2026-11-22T02:00:00Z',
  expiresAt: '2026-11-22T04:00:00Z',
}

const PAYOUT: Payout = {
  id: '0190b3a0-0000-7000-8000-000000000031',
  personId: null,
  accountNo: null,
  hospitalId: 1,
  amountFen: 200_000,
  grounds: '11 月结算',
  status: 'proposed',
  transferNo: null,
  proposedBy: COLLEAGUE,
  proposedAt: '2026-11-22T02:00:00Z',
  decidedBy: null,
  decidedAt: null,
}

const OWED = {
  payers: [
    { personId: PERSON_ID, accountNo: 'JAG101M81FHM0JECA9', owedFen: 10_000, heldFen: 2_500 },
  ],
  hospitals: [{ hospitalId: 2, owedFen: -500, heldFen: 0 }],
}

const LINE: LenderLine = {
  lineId: LINE_ID,
  accountNo: 'JAG101M81FHM0JECA9RHTFZDFX7BDE',
  productId: 'visit-credit-1',
  way: 'next_month',
  status: 'active',
  limitFen: 500_000,
  reservedFen: 0,
  drawnFen: 128_900,
  freeFen: 371_100,
  createdAt: '2026-11-01T02:00:00Z',
  updatedAt: '2026-11-01T02:00:00Z',
}

const PRODUCT = {
  productId: 'visit-credit-1',
  name: { zh: '信用就医', en: 'Credit' },
  mostFen: 2e6,
}
const LENDER_VIEW = { lenderId: LENDER, name: { zh: '鹿城', en: 'L' }, form: 'built_in' }

const open = async (path: string, answers: Record<string, () => unknown>, me: Staff = BANKER) => {
  const sent = answerWith({
    '/v1/me': () => me,
    [`/lenders/${LENDER}`]: () => LENDER_VIEW,
    '/products': () => ({ items: [PRODUCT] }),
    ...answers,
  })
  await openConsole(path)
  return { changes: () => sent.filter(({ method }) => method !== 'GET') }
}

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })

describe('repayments that are due in', () => {
  const record = { owedTodayFen: 100_000, repayments: [] }

  it('are recorded as the bank received them, with what differs told before', async () => {
    const { changes } = await open('/bank/collections', {
      '/collections': () => ({ items: [COLLECTION] }),
      '/record': () => record,
      '/received': () => ({
        reference: 'B-1',
        bookedAs: 'repayment',
        amountFen: 130_000,
        loanId: LOAN_ID,
        receivedAt: '2026-11-22T02:00:00Z',
      }),
    })
    fireEvent.click(await screen.findByRole('button', { name: '登记到账' }))
    const save = await screen.findByRole<HTMLButtonElement>('button', { name: '登记 ¥1,289.00' })
    expect(save.disabled).toBe(true)
    type('银行流水号', '流水 1')
    expect(save.disabled).toBe(true)
    type('银行流水号', ' B-1 ')
    type('到账金额（元）', '1300')
    expect(screen.getByText(/与通知的 ¥1,289.00 不同/)).toBeTruthy()
    expect(await screen.findByText(/多出的 ¥300.00 会记为应退/)).toBeTruthy()
    type('到账时间', '2999-01-01T00:00')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: '登记 ¥1,300.00' }).disabled).toBe(
      true,
    )
    type('到账时间', '2026-11-20T09:30')
    fireEvent.click(screen.getByLabelText('家人'))
    fireEvent.click(screen.getByRole('button', { name: '登记 ¥1,300.00' }))
    expect(await screen.findByText('已作为这笔贷款的还款入账。')).toBeTruthy()
    expect(await changes()[0]?.json()).toEqual({
      reference: 'B-1',
      amountFen: 130_000,
      receivedAt: '2026-11-20T01:30:00.000Z',
      payer: 'family',
      number: COLLECTION.number,
    })
  })

  it('that nobody owes any more are told to be owed to the payer', async () => {
    await open('/bank/collections', {
      '/collections': () => ({ items: [{ ...COLLECTION, loanId: null }] }),
      '/received': () => ({
        reference: 'B-2',
        bookedAs: 'owed_to_payer',
        amountFen: 128_900,
        loanId: null,
        receivedAt: '2026-11-22T02:00:00Z',
      }),
    })
    expect(await screen.findByText('就诊结束前还款')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: '登记到账' }))
    await screen.findByLabelText('银行流水号')
    type('银行流水号', 'B-2')
    fireEvent.click(screen.getByRole('button', { name: '登记 ¥1,289.00' }))
    expect(await screen.findByText('多出的 ¥1,289.00 记为应退付款人。')).toBeTruthy()
  })

  it('are said not to have come with a reason, and keep what was typed when that fails', async () => {
    const { changes } = await open('/bank/collections', {
      '/collections': () => ({ items: [COLLECTION] }),
      '/refusal': () => problem(409, 'credit.collection_over'),
    })
    fireEvent.click(await screen.findByRole('button', { name: '未收到' }))
    const dialog = within(await screen.findByRole('dialog'))
    fireEvent.change(dialog.getByLabelText('原因'), { target: { value: '账户余额不足' } })
    fireEvent.click(dialog.getByRole('button', { name: '未收到' }))
    expect(await dialog.findByText('这笔待收还款已有结果。')).toBeTruthy()
    expect(dialog.getByLabelText<HTMLTextAreaElement>('原因').value).toBe('账户余额不足')
    expect(await changes()[0]?.json()).toEqual({ reason: '账户余额不足' })
  })

  it('are only read by an auditor', async () => {
    await open('/bank/collections', { '/collections': () => ({ items: [COLLECTION] }) }, AUDITOR)
    expect(await screen.findByText('您的角色只能查看。')).toBeTruthy()
    expect(screen.queryByRole('button', { name: '登记到账' })).toBeNull()
  })
})

describe('payouts', () => {
  const answers = {
    '/owed': () => OWED,
    '/payouts': () => ({ items: [PAYOUT] }),
  }

  it('are proposed up to what is owed and not proposed yet', async () => {
    const { changes } = await open('/bank/payouts', answers)
    expect(await screen.findByText('医院应还银行')).toBeTruthy()
    const [hospital, payer] = screen.getAllByRole<HTMLButtonElement>('button', { name: '提出付款' })
    expect(hospital?.disabled).toBe(true)
    fireEvent.click(payer as HTMLButtonElement)
    await screen.findByText('最多 ¥75.00。')
    type('付款金额（元）', '75.01')
    type('付款依据', '重复还款')
    const dialog = within(screen.getByRole('dialog'))
    const wrong = dialog.getByRole<HTMLButtonElement>('button', { name: '提出付款' })
    expect(wrong.disabled).toBe(true)
    type('付款金额（元）', '75')
    fireEvent.click(screen.getByRole('button', { name: '提出付款 ¥75.00' }))
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    const body = { personId: PERSON_ID, amountFen: 7_500, grounds: '重复还款' }
    expect(await changes()[0]?.json()).toEqual(body)
    expect(changes()[0]?.headers.get('idempotency-key')).toBeTruthy()
  })

  it('are confirmed by another with the number of the transfer', async () => {
    const { changes } = await open('/bank/payouts', {
      ...answers,
      '/decision': () => ({ ...PAYOUT, status: 'paid' }),
    })
    fireEvent.click(await screen.findByRole('button', { name: /^确 ?认$/ }))
    const agree = await screen.findByRole<HTMLButtonElement>('button', {
      name: '确认已付 ¥2,000.00',
    })
    expect(agree.disabled).toBe(true)
    type('转账流水号', 'T-9')
    fireEvent.click(agree)
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({ transferNo: 'T-9' })
  })

  it('that one proposed oneself wait for another', async () => {
    const mine = { ...PAYOUT, proposedBy: `staff:${BANKER.staffId}` }
    await open('/bank/payouts', { ...answers, '/payouts': () => ({ items: [mine] }) })
    fireEvent.click(await screen.findByRole('button', { name: /^查 ?看$/ }))
    expect(await screen.findByText('您提出的付款须由另一位同事确认。')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /确认已付/ })).toBeNull()
  })
})

describe('an account', () => {
  const account = (line: LenderLine) => ({
    [`/lines/${LINE_ID}`]: () => ({ line, changes: [] }),
    '/changes': () => new Response(null, { status: 204 }),
  })

  it('gets another limit within its product, with a reason', async () => {
    const { changes } = await open(`/bank/lines/${LINE_ID}`, account(LINE))
    await screen.findByText('0 到 ¥20,000.00；已占用的金额不会收回。')
    type('原因', '收入提高')
    type('新额度（元）', '20000.01')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: '改额度' }).disabled).toBe(true)
    type('新额度（元）', '8000')
    fireEvent.click(screen.getByRole('button', { name: '改为 ¥8,000.00' }))
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({
      kind: 'limit',
      limitFen: 800_000,
      reason: '收入提高',
    })
  })

  it('is suspended, or used again', async () => {
    const { changes } = await open(
      `/bank/lines/${LINE_ID}`,
      account({ ...LINE, status: 'suspended' }),
    )
    fireEvent.click(await screen.findByLabelText('恢复使用'))
    type('原因', '核实无误')
    fireEvent.click(screen.getByRole('button', { name: '恢复使用' }))
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({ kind: 'resumed', reason: '核实无误' })
  })

  it('says where the bank’s own system has a word, too, and where it ended', async () => {
    await open(`/bank/lines/${LINE_ID}`, {
      ...account({ ...LINE, status: 'ended' }),
      [`/lenders/${LENDER}`]: () => ({ ...LENDER_VIEW, form: 'bank_api' }),
    })
    expect(await screen.findByText(/以较严的一方为准/)).toBeTruthy()
    expect(screen.getByText('这个账户已终止。')).toBeTruthy()
    expect(screen.queryByLabelText('暂停使用')).toBeNull()
  })
})
