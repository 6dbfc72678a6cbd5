// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Staff } from '../shell/staff.ts'
import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'
import type { LenderDay, LenderLoan, LenderReview, LoanRecord, PortfolioFigures } from './model.ts'

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
const COLLEAGUE = 'staff:0190b3a0-0000-7000-8000-0000000000aa'

const LOAN: LenderLoan = {
  loanId: LOAN_ID,
  lineId: '0190b3a0-0000-7000-8000-000000000012',
  accountNo: 'JAG101M81FHM0JECA9RHTFZDFX7BDE',
  hospitalId: 1,
  productId: 'visit-credit-1',
  way: 'next_month',
  periods: 1,
  yearlyRatePpm: 48_000,
  feePpm: 0,
  penaltyRatePpm: 72_000,
  principalFen: 186_500,
  openedOn: '2026-06-30',
  freeUntil: '2026-07-30',
  status: 'open',
  stage: 'substandard',
  overdueSince: '2026-07-30',
  endedAt: null,
  owedFen: 190_694,
  dueFen: 190_694,
  nextDueOn: '2026-07-30',
  writeOff: null,
}

const RECORD: LoanRecord = {
  loan: LOAN,
  owedTodayFen: 190_731,
  aprPpm: 0,
  disclosure: 'apr_simple_irr',
  instalments: [],
  repayments: [],
  events: [],
  ladder: [{ stage: 'substandard', fromDay: 91, suspends: true }],
  writeOff: null,
  recoveredFen: 0,
}

const proposedBy = (who: string): LoanRecord => ({
  ...RECORD,
  loan: { ...LOAN, writeOff: 'proposed' },
  writeOff: {
    reason: '多次催收无果',
    proposedBy: who,
    proposedAt: '2026-11-22T02:00:00Z',
    approvedBy: null,
    approvedAt: null,
    amountFen: null,
  },
})

const FIGURES: PortfolioFigures = {
  openLoans: 2,
  principalFen: 1_000_000,
  interestFen: 0,
  feeFen: 0,
  penaltyFen: 0,
  buckets: [
    { name: 'current', loans: 1, principalFen: 995_000 },
    { name: '91-180', loans: 1, principalFen: 5_000 },
  ],
  newLoans: 0,
  newPrincipalFen: 0,
  repaidFen: 0,
  recoveredFen: 0,
  writtenOffLoans: 0,
  writtenOffFen: 0,
  badDebtPpm: 5_000,
}

const PRODUCT = {
  productId: 'visit-credit-1',
  kind: 'visit_credit',
  name: { zh: '信用就医', en: 'Visit credit' },
  status: 'offered',
  leastFen: 50_000,
  mostFen: 2_000_000,
  freeDays: 30,
  penaltyPpm: 1_500_000,
  aprCapPpm: 150_000,
  minAgeYears: 18,
  maxAgeYears: 80,
  bands: [{ fromScore: 600, limitFen: 500_000 }],
  ways: [],
  consentVersion: '1',
}

const REVIEW: LenderReview = {
  id: '0190b3a0-0000-7000-8000-000000000021',
  status: 'open',
  statement: '希望提高额度',
  askedAt: '2026-11-22T02:00:00Z',
  decidedBy: null,
  decidedAt: null,
  reason: null,
  limitFen: null,
  obstacle: null,
  application: {
    id: '0190b3a0-0000-7000-8000-000000000022',
    productId: 'visit-credit-1',
    way: 'next_month',
    status: 'granted',
    limitFen: 500_000,
    refusal: null,
    outcome: 'granted',
    score: 600,
    scorecard: 'visit-1',
    reasons: [{ code: 'base', points: 500, params: {} }],
    createdAt: '2026-11-22T01:00:00Z',
  },
}

const open = async (path: string, answers: Record<string, () => unknown>, me: Staff = BANKER) => {
  const sent = answerWith({
    '/v1/me': () => me,
    [`/lenders/${LENDER}`]: () => ({ lenderId: LENDER, name: { zh: '鹿城商业银行', en: 'L' } }),
    '/products': () => ({ items: [PRODUCT] }),
    ...answers,
  })
  const page = await openConsole(path)
  return { ...page, changes: () => sent.filter(({ method }) => method !== 'GET') }
}

describe('the portfolio', () => {
  const answers = {
    '/portfolio': () => ({ now: FIGURES, days: [] }),
    '/loan-figures': () => ({
      earned: [],
      dueNow: { instalments: 0, amountFen: 0 },
      coming: [],
    }),
    '/line-use': () => ({
      all: { lines: 0, limitFen: 0, reservedFen: 0, drawnFen: 0 },
      byStatus: [],
    }),
    '/loans': () => ({ items: [] }),
    '/reviews': () => ({ items: [] }),
  }

  it('is where a bank’s staff begin, with the ratio, its formula and the threshold', async () => {
    const { url } = await open('/', answers)
    expect(await screen.findByText('未超过阈值 1%')).toBeTruthy()
    expect(url()).toBe('/bank')
    expect(screen.getByText('0.5%', { selector: '.bank-formula strong' })).toBeTruthy()
    expect(screen.getByText('日终不足两天，还画不出走势。')).toBeTruthy()
    expect(await screen.findByText('还没有授信账户。')).toBeTruthy()
    expect(screen.queryByRole('link', { name: '缴费' })).toBeNull()
  })

  it('says above the threshold what is above it, and what could not be read', async () => {
    const now = { ...FIGURES, badDebtPpm: 10_001 }
    await open('/bank', { ...answers, '/portfolio': () => ({ now, days: [] }) })
    expect(await screen.findByText(/已超过阈值 1%/)).toBeTruthy()
    cleanup()
    await open('/bank', { ...answers, '/portfolio': () => problem(403, 'http.forbidden') })
    expect(await screen.findByText('您没有权限查看或操作这项内容。')).toBeTruthy()
  })
})

describe('pages of the other house', () => {
  it('are said to be so, to a bank and to a hospital', async () => {
    await open('/payments', {})
    expect(await screen.findByText('您登录的是银行的账号，这里是医院的页面。')).toBeTruthy()
    cleanup()
    await open('/bank/loans', {}, FINANCE)
    expect(await screen.findByText('您登录的是医院的账号，这里是银行的页面。')).toBeTruthy()
  })
})

describe('loans', () => {
  it('are listed by account, and the filter is the URL', async () => {
    const { url } = await open('/bank/loans?bucket=91-180', { '/loans': () => ({ items: [LOAN] }) })
    expect(await screen.findByText('…ZDFX7BDE')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: '91–180 天' }))
    await vi.waitFor(() => expect(url()).toBe('/bank/loans'))
    await screen.findByRole('button', { name: '91–180 天', pressed: false })
    const box = screen.getByLabelText('账户号或末四位以上')
    fireEvent.change(box, { target: { value: '7BD' } })
    fireEvent.click(screen.getByRole('button', { name: /^查 ?找$/ }))
    expect(screen.getByText('请至少输入账户号末四位。')).toBeTruthy()
    fireEvent.change(box, { target: { value: 'X7BDE' } })
    fireEvent.click(screen.getByRole('button', { name: /^查 ?找$/ }))
    await vi.waitFor(() => expect(url()).toBe('/bank/loans?account=X7BDE'))
  })

  it('say so when none fits', async () => {
    await open('/bank/loans?status=settled', { '/loans': () => ({ items: [] }) })
    expect(await screen.findByText('没有符合条件的贷款。')).toBeTruthy()
  })

  it('are given up by two: one proposes with a reason', async () => {
    const { changes } = await open(`/bank/loans/${LOAN_ID}`, {
      '/record': () => RECORD,
      '/write-off': () => new Response(null, { status: 204 }),
    })
    const button = await screen.findByRole<HTMLButtonElement>('button', {
      name: '提出核销 ¥1,907.31',
    })
    expect(button.disabled).toBe(true)
    fireEvent.change(screen.getByLabelText('核销理由'), { target: { value: ' 失联 ' } })
    fireEvent.click(button)
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({ reason: '失联' })
  })

  it('and another agrees to the exact amount, never the same', async () => {
    await open(`/bank/loans/${LOAN_ID}`, {
      '/record': () => proposedBy(`staff:${BANKER.staffId}`),
    })
    expect(await screen.findByText('您提出的核销须由另一位同事复核。')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /同意核销/ })).toBeNull()
    cleanup()
    const { changes } = await open(`/bank/loans/${LOAN_ID}`, {
      '/record': () => proposedBy(COLLEAGUE),
      '/approval': () => new Response(null, { status: 204 }),
    })
    fireEvent.click(await screen.findByRole('button', { name: '同意核销 ¥1,907.31' }))
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
  })

  it('let an auditor look', async () => {
    await open(`/bank/loans/${LOAN_ID}`, { '/record': () => proposedBy(COLLEAGUE) }, AUDITOR)
    expect(await screen.findByText('您的角色只能查看。')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /核销/ })).toBeNull()
  })

  it('that are not overdue cannot be given up, and say so', async () => {
    const loan: LenderLoan = { ...LOAN, overdueSince: null, stage: 'current' }
    await open(`/bank/loans/${LOAN_ID}`, { '/record': () => ({ ...RECORD, loan }) })
    expect(await screen.findByText('未逾期的贷款不能核销。')).toBeTruthy()
  })
})

describe('a review', () => {
  it('is decided with a reason, within the limits of the product', async () => {
    const { changes } = await open('/bank/reviews', {
      '/reviews': () => ({ items: [REVIEW] }),
      '/decision': () => new Response(null, { status: 204 }),
    })
    fireEvent.click(await screen.findByRole('button', { name: /^处 ?理$/ }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(await dialog.findByText('本次评分在此档')).toBeTruthy()
    fireEvent.click(dialog.getByLabelText('改为以下额度'))
    fireEvent.change(dialog.getByLabelText('复核理由（会告知申请人）'), {
      target: { value: '收入证明' },
    })
    const limit = dialog.getByLabelText('新额度（元）')
    fireEvent.change(limit, { target: { value: '30000' } })
    const wrong = dialog.getByRole<HTMLButtonElement>('button', { name: '作出决定' })
    expect(wrong.disabled).toBe(true)
    fireEvent.change(limit, { target: { value: '8000' } })
    fireEvent.click(dialog.getByRole('button', { name: '批准额度 ¥8,000.00' }))
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({ reason: '收入证明', limitFen: 800_000 })
  })

  it('that one asked for oneself is for another', async () => {
    await open('/bank/reviews', {
      '/reviews': () => ({ items: [{ ...REVIEW, obstacle: 'asked' }] }),
    })
    fireEvent.click(await screen.findByRole('button', { name: /^查 ?看$/ }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(dialog.getByText('您提出的复核须由另一位同事处理。')).toBeTruthy()
    expect(dialog.queryByRole('button', { name: '作出决定' })).toBeNull()
  })
})

it('a day that is being closed shows how far it has come', async () => {
  const day: LenderDay = {
    date: '2026-11-21',
    status: 'running',
    batches: 1,
    loans: 1,
    interestFen: 1,
    feeFen: 0,
    penaltyFen: 0,
    startedAt: '2026-11-21T16:30:00Z',
    closedAt: null,
    portfolio: null,
  }
  await open('/bank/days', {
    '/days': () => ({ items: [day] }),
    '/counts': () => ({ stages: [{ stage: 'overdue', loans: 3 }], reminders: 4, dueLoans: 2 }),
    '/portfolio': () => ({ now: FIGURES, days: [] }),
  })
  expect(await screen.findByText('3 笔进入“逾期”')).toBeTruthy()
  expect(await screen.findByText('1 / 2 笔')).toBeTruthy()
  expect(screen.getByRole('progressbar')).toHaveProperty('value', 500_000)
})
