// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Staff } from '../shell/staff.ts'
import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'
import type { Contract, Payout, Receipt } from './model.ts'

// A page is loaded when it is first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

const AUDITOR: Staff = { ...FINANCE, roles: ['auditor'] }
const COLLEAGUE = 'staff:0190b3a0-0000-7000-8000-0000000000aa'
const MYSELF = `staff:${FINANCE.staffId}`
const ID = '0190b3a0-0000-7000-8000-000000000041'

const CONTRACT: Contract = {
  fee: {
    tiers: [{ fromFen: 0, ratePpm: 6_000 }],
    minFen: 0,
    maxFen: null,
    rounding: 'half_up',
    roundedPer: 'transaction',
    onReturn: 'given_back',
  },
  cycle: { kind: 'working_days', after: 1 },
  payout: 'net',
  account: 'main',
  payers: ['财付通'],
  daysBefore: 0,
  daysAfter: 10,
  graceWorkingDays: 1,
  shares: [{ party: 'hospital', ppm: 1_000_000 }],
}

const AGREED = {
  id: ID,
  kind: 'contract',
  name: 'wechat',
  validFrom: '2026-01-01',
  content: CONTRACT,
  status: 'agreed',
  proposedBy: COLLEAGUE,
  proposedAt: '2026-01-01T02:00:00Z',
  decidedBy: MYSELF,
  decidedAt: '2026-01-02T02:00:00Z',
  reason: '与合同一致',
}
const PROPOSED = {
  ...AGREED,
  id: ID.replace('41', '42'),
  content: { ...CONTRACT, fee: { ...CONTRACT.fee, tiers: [{ fromFen: 0, ratePpm: 3_800 }] } },
  validFrom: '2026-11-01',
  status: 'proposed',
  decidedBy: null,
  decidedAt: null,
  reason: null,
}

const PAYOUT: Payout = {
  provider: 'wechat',
  date: '2026-11-19',
  version: 1,
  status: 'late',
  payoutFen: 99_400,
  receivedFen: 0,
  feeFen: 600,
  contractFeeFen: 600,
  account: 'main',
  expectedOn: '2026-11-20',
  lateOn: '2026-11-23',
  calendarKnown: true,
  chargeFen: 100_000,
  returnFen: 0,
}
const RECEIPT: Receipt = {
  account: 'main',
  bankRef: 'TT/17',
  variant: 1,
  amountFen: 100_000,
  allocatedFen: 0,
  bookedOn: '2026-11-22',
  payer: '海岳某公司',
  memo: '',
  status: 'unexplained',
  dueAt: '2026-11-23T02:00:00Z',
}

const open = async (path: string, answers: Record<string, () => unknown>, me: Staff = FINANCE) => {
  const sent = answerWith({ '/v1/me': () => me, ...answers })
  const { url } = await openConsole(path)
  return { url, changes: () => sent.filter(({ method }) => method !== 'GET') }
}

const type = (label: string | RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })

describe('what is still to come', () => {
  it('adds up in sight, and every figure leads to its batches', async () => {
    const row = {
      provider: 'wechat',
      openCount: 2,
      openFen: 120_000,
      lateCount: 1,
      lateFen: 99_400,
      withoutContract: 3,
      overFen: 0,
      nextExpectedOn: '2026-11-20',
    }
    await open('/settlement', {
      '/settlement/standing/providers': () => ({ items: [row] }),
      '/settlement/standing': () => ({
        expectedFen: 500_000,
        receivedFen: 380_000,
        shortFen: 120_000,
        overFen: 0,
        receiptsFen: 480_000,
        unexplainedFen: 100_000,
      }),
      '/settlement/payout-days': () => ({ items: [] }),
    })
    const table = within(await screen.findByRole('table', { name: '各付款方还差多少' }))
    const late = await table.findByRole('link', { name: '¥994.00' })
    expect(late.getAttribute('href')).toContain('/settlement/batches?provider=wechat&status=late')
    const none = table.getByRole('link', { name: '3 天' })
    expect(none.getAttribute('href')).toContain('status=no_contract')
    const unexplained = await screen.findByRole('link', { name: '¥1,000.00' })
    expect(unexplained.getAttribute('href')).toBe('/console/settlement/receipts')
    expect(await screen.findByText('未来两周没有应到的款项。')).toBeTruthy()
  })

  it('is listed with the sum over all pages, not only of those in sight', async () => {
    await open('/settlement/batches?status=open', {
      '/settlement/payouts': () => ({
        items: [PAYOUT],
        sum: {
          count: 70,
          chargeFen: 7_000_000,
          returnFen: 0,
          feeFen: 42_000,
          payoutFen: 6_958_000,
          receivedFen: 0,
        },
      }),
      '/settlement/standing/providers': () => ({ items: [] }),
    })
    const link = await screen.findByRole('link', { name: '微信支付 2026-11-19' })
    expect(link.getAttribute('href')).toBe('/console/settlement/batches/wechat/2026-11-19')
    expect(screen.getAllByText('¥69,580.00')).toHaveLength(2)
    expect(screen.getByText('已逾期')).toBeTruthy()
  })
})

describe('a contract', () => {
  const terms = { '/settlement/terms': () => ({ items: [PROPOSED, AGREED] }) }

  it('is agreed to by another, who sees what it changes of the one in force', async () => {
    const { changes } = await open('/settlement/contracts', {
      ...terms,
      '/decision': () => new Response(null, { status: 204 }),
    })
    fireEvent.click(await screen.findByRole('button', { name: /^审 ?批$/ }))
    const dialog = within(await screen.findByRole('dialog'))
    expect(dialog.getByText('0.38%')).toBeTruthy()
    expect(dialog.getByText('现行：0.6%')).toBeTruthy()
    expect(dialog.getAllByText(/^现行：/)).toHaveLength(1)
    const agree = dialog.getByRole<HTMLButtonElement>('button', { name: '同意执行' })
    expect(agree.disabled).toBe(true)
    fireEvent.change(dialog.getByLabelText('审批意见'), { target: { value: '与合同一致' } })
    fireEvent.click(agree)
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(changes()[0]?.url).toContain(`/settlement/terms/${PROPOSED.id}/decision`)
    expect(await changes()[0]?.json()).toEqual({ agrees: true, reason: '与合同一致' })
  })

  it('is not agreed to by whoever proposed it: the refusal is read, and what was typed stays', async () => {
    const mine = { ...PROPOSED, proposedBy: MYSELF }
    await open('/settlement/contracts', {
      '/settlement/terms': () => ({ items: [mine] }),
      '/decision': () => problem(403, 'settlement.decided_by_same_person'),
    })
    fireEvent.click(await screen.findByRole('button', { name: /^查 ?看$/ }))
    const dialog = within(await screen.findByRole('dialog'))
    fireEvent.change(dialog.getByLabelText('审批意见'), { target: { value: '我自己同意' } })
    fireEvent.click(dialog.getByRole('button', { name: '同意执行' }))
    expect((await dialog.findByRole('alert')).textContent).toMatch(/另一位|另一人|同一人|本人/)
    expect(dialog.getByLabelText<HTMLTextAreaElement>('审批意见').value).toBe('我自己同意')
  })

  it('is only read by an auditor', async () => {
    await open('/settlement/contracts', terms, AUDITOR)
    fireEvent.click((await screen.findAllByRole('button', { name: /^查 ?看$/ }))[0] as HTMLElement)
    expect(await screen.findByText('您只能查看，审批由财务人员进行。')).toBeTruthy()
    expect(screen.queryByRole('button', { name: '同意执行' })).toBeNull()
    expect(screen.queryByRole('link', { name: '提出合同' })).toBeNull()
  })

  it('is proposed from another’s terms in the fields of a contract', async () => {
    const { changes, url } = await open(`/settlement/contracts/new?from=${ID}`, terms)
    await screen.findByLabelText('费率（%）')
    type('费率（%）', '0.38')
    type('打款周期', 'natural_days')
    fireEvent.click(screen.getByRole('button', { name: '提出合同' }))
    expect(await screen.findByText('请填写生效日期。')).toBeTruthy()
    expect(changes()).toHaveLength(0)
    type('生效日期', '2026-12-01')
    fireEvent.click(screen.getByRole('button', { name: '提出合同' }))
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toMatchObject({
      kind: 'contract',
      name: 'wechat',
      validFrom: '2026-12-01',
      content: {
        fee: { tiers: [{ fromFen: 0, ratePpm: 3_800 }] },
        cycle: { kind: 'natural_days', after: 1 },
      },
    })
    expect(url()).toContain('/settlement/contracts')
  })
})

describe('a receipt that nothing explains', () => {
  it('is assigned to the likeliest batch, at most for what is left of it', async () => {
    const { changes } = await open('/settlement/receipts/main/TT%2F17/1', {
      '/settlement/receipts/main/TT%2F17/1': () => ({ receipt: RECEIPT, uses: [] }),
      '/settlement/payouts': () => ({ items: [PAYOUT], sum: {} }),
      '/settlement/assignments': () => Response.json({}, { status: 201 }),
    })
    fireEvent.click(await screen.findByRole('radio', { name: /微信支付 2026-11-19/ }))
    const act = () => screen.getByRole<HTMLButtonElement>('button', { name: /认领|请先选择/ })
    expect(screen.getByLabelText<HTMLInputElement>('认领金额（元）').value).toBe('994.00')
    type('认领金额（元）', '1000.01')
    expect(act().disabled).toBe(true)
    type('认领金额（元）', '994')
    fireEvent.click(act())
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({
      account: 'main',
      bankRef: 'TT/17',
      variant: 1,
      provider: 'wechat',
      date: '2026-11-19',
      amountFen: 99_400,
    })
    expect(changes()[0]?.headers.get('idempotency-key')).toBeTruthy()
  })
})
