// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Staff } from '../shell/staff.ts'
import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'
import type { AccountingDay, Line, Voucher } from './model.ts'

// A page is loaded when it is first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

const AUDITOR: Staff = { ...FINANCE, roles: ['auditor'] }
const ID = '0190b3a0-0000-7000-8000-000000000041'
const PAYMENT_ID = '0190b3a0-0000-7000-8000-0000000000cc'

const VOUCHER: Voucher = {
  id: ID,
  date: '2026-11-20',
  type: '收',
  month: '2026-11',
  no: 3,
  version: 1,
  financialFen: 123_450,
  budgetFen: 123_450,
  erpNo: null,
  madeAt: '2026-11-21T02:00:00Z',
}

const line = (lineNo: number, changes: Partial<Line>): Line => ({
  lineNo,
  subject: '1021',
  aux: {},
  summary: '2026-11-20 微信收款',
  debitFen: 0,
  creditFen: 0,
  ...changes,
})
const LINES = [
  line(1, { debitFen: 123_450, aux: { channel: 'wechat' } }),
  line(2, { subject: '2305.09', creditFen: 123_450 }),
]

const DAY: AccountingDay = {
  date: '2026-11-19',
  status: 'uncovered',
  version: 0,
  transfers: 0,
  findings: [
    {
      code: 'account_unmapped',
      about: 'receivable/new/part',
      count: 2,
      amountFen: 3_000,
      example: 'charge:1',
    },
  ],
  madeAt: null,
}

const open = async (path: string, answers: Record<string, () => unknown>, me: Staff = FINANCE) => {
  const sent = answerWith({
    '/v1/me': () => me,
    '/accounting/terms': () => ({ items: [] }),
    ...answers,
  })
  const { url } = await openConsole(path)
  return { url, changes: () => sent.filter(({ method }) => method !== 'GET') }
}

const month = {
  '/accounting/vouchers': () => ({ items: [VOUCHER] }),
  '/accounting/days': () => ({ items: [DAY] }),
  '/reconciliation/days': () => ({
    items: [
      { date: '2026-11-18', status: 'closed' },
      { date: '2026-11-19', status: 'closed' },
    ],
  }),
}

describe('a month of vouchers', () => {
  it('says which closed dates have none, and what no template covers', async () => {
    const { changes } = await open('/vouchers?date=2026-11-20', {
      ...month,
      '/accounting/days/2026-11-18/vouchers': () => DAY,
    })
    const missing = within(await screen.findByRole('region', { name: /还缺凭证的日期/ }))
    expect(missing.getByText('已关账，还没有生成凭证。')).toBeTruthy()
    expect(missing.getByText(/账户 receivable\/new\/part 没有对应科目/).textContent).toContain(
      '2 笔 ¥30.00',
    )
    fireEvent.click(missing.getByRole('button', { name: '生成 2026-11-18 的凭证' }))
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(changes()[0]?.url).toContain('/accounting/days/2026-11-18/vouchers')
  })

  it('is exported in a layout; a date that is not complete is named', async () => {
    const { changes } = await open('/vouchers?date=2026-11-20', {
      ...month,
      '/accounting/exports': () => problem(409, 'accounting.day_incomplete'),
    })
    fireEvent.change(await screen.findByLabelText('格式'), { target: { value: 'kingdee' } })
    fireEvent.change(screen.getByLabelText('自'), { target: { value: '2026-11-19' } })
    fireEvent.change(screen.getByLabelText('至'), { target: { value: '2026-11-20' } })
    fireEvent.click(screen.getByRole('button', { name: '导出并下载' }))
    expect(await screen.findByRole('alert')).toBeTruthy()
    expect(await changes()[0]?.json()).toEqual({
      layout: 'kingdee',
      from: '2026-11-19',
      to: '2026-11-20',
      onlyUnacknowledged: false,
    })
  })

  it('is read by an auditor, who hands nothing over', async () => {
    await open('/vouchers?date=2026-11-20', month, AUDITOR)
    expect(await screen.findByRole('link', { name: '收-3' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: '导出并下载' })).toBeNull()
    expect(screen.queryByRole('button', { name: '生成 2026-11-18 的凭证' })).toBeNull()
  })
})

describe('a voucher', () => {
  const answers = {
    [`/vouchers/${ID}`]: () => ({
      voucher: VOUCHER,
      subjects: { '1021': '其他货币资金', '2305.09': '在途资金' },
      isStandard: true,
    }),
    [`/vouchers/${ID}/lines`]: () => ({ items: LINES }),
    '/financial/1/sources': () => ({
      items: [
        {
          key: `${ID}/1/1`,
          entryId: ID,
          transferNo: 1,
          amountFen: 123_450,
          cause: 'charge:1',
          subject: `payment:${PAYMENT_ID}`,
        },
      ],
    }),
  }

  it('is drawn as on paper, with its sum in capitals, and leads to its payments', async () => {
    await open(`/vouchers/${ID}`, answers)
    const paper = within(await screen.findByRole('region', { name: '收款凭证' }))
    expect(paper.getByText('合计：壹仟贰佰叁拾肆元伍角整')).toBeTruthy()
    expect(paper.getByText('其他货币资金')).toBeTruthy()
    expect(paper.getByText('借贷平衡')).toBeTruthy()
    fireEvent.click(paper.getByRole('link', { name: '第 1 行借方由哪些业务构成' }))
    const payment = await screen.findByRole('link', { name: /缴费 …/ })
    expect(payment.getAttribute('href')).toContain(`/payments/${PAYMENT_ID}`)
  })

  it('whose lines do not add up is not called balanced', async () => {
    await open(`/vouchers/${ID}`, {
      ...answers,
      [`/vouchers/${ID}/lines`]: () => ({ items: LINES.slice(0, 1) }),
    })
    expect(await screen.findByText('借贷不平')).toBeTruthy()
    expect(screen.queryByText('借贷平衡')).toBeNull()
  })

  it('has the number of the accounting system entered', async () => {
    const { changes } = await open(`/vouchers/${ID}`, {
      ...answers,
      '/accounting/acknowledgements': () => new Response(null, { status: 204 }),
    })
    fireEvent.change(await screen.findByLabelText('财务系统编号'), { target: { value: ' 记-17 ' } })
    fireEvent.click(screen.getByRole('button', { name: '登记编号' }))
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({ vouchers: [{ voucherId: ID, erpNo: '记-17' }] })
  })
})
