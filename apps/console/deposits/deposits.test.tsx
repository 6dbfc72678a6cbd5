// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { Staff } from '../shell/staff.ts'
import { answerWith, FINANCE, openConsole, problem } from '../testing/console.tsx'
import type { Account, GiveBack } from './model.ts'

// A page is loaded when it is first opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 10_000 })

afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

const CASHIER: Staff = { ...FINANCE, roles: ['cashier'] }
const AUDITOR: Staff = { ...FINANCE, roles: ['auditor'] }
const ID = '0190b3a0-0000-7000-8000-000000000081'
const PERSON_ID = '0190b3a0-0000-7000-8000-000000000082'
const COLLEAGUE = 'staff:0190b3a0-0000-7000-8000-0000000000aa'
const PATIENT = { personId: PERSON_ID, name: '*小明', idCardNo: '3****************3' }

const STAY: Account = {
  id: ID,
  personId: PERSON_ID,
  kind: 'inpatient',
  stayNo: 'ZY-1',
  custodyBank: '海岳银行',
  custodyNo: 'C-1',
  status: 'open',
  balanceFen: 50_000,
  heldFen: 10_000,
  freeFen: 40_000,
  lowFen: 100_000,
  isLow: true,
  clearBy: null,
  openedAt: '2026-11-20T02:00:00Z',
  closedAt: null,
}

const OLD: Account = {
  ...STAY,
  kind: 'outpatient',
  stayNo: 'outpatient',
  balanceFen: 8_640,
  heldFen: 0,
  freeFen: 8_640,
  isLow: false,
  clearBy: '2025-12-31',
}

const BACK: GiveBack = {
  id: '0190b3a0-0000-7000-8000-000000000091',
  accountId: ID,
  personId: PERSON_ID,
  stayNo: 'ZY-1',
  channel: 'cash',
  channelNo: 'SJ-1',
  amountFen: 40_000,
  status: 'asked',
  askedBy: COLLEAGUE,
  askedAt: '2026-11-22T02:00:00Z',
  returnNo: null,
  doneBy: null,
  doneAt: null,
}

const open = async (path: string, answers: Record<string, () => unknown>, me: Staff = CASHIER) => {
  const sent = answerWith({
    '/v1/me': () => me,
    '/patient-names': () => ({ items: [PATIENT] }),
    ...answers,
  })
  await openConsole(path)
  const isChange = ({ method, url }: Request) => method !== 'GET' && !url.includes('/patient-')
  return { sent, changes: () => sent.filter(isChange) }
}

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } })

const one = (account: Account, giveBacks: GiveBack[] = []) => ({
  [`/deposits/${ID}`]: () => ({
    account,
    movements: [
      { kind: 'paid_in', amountFen: 50_000, channel: 'cash', channelNo: 'SJ-1', at: STAY.openedAt },
    ],
    giveBacks,
  }),
  '/days': () => ({ items: [{ day: '2026-11-21', totalFen: 90_000, drawnFen: 20_000 }] }),
})

describe('accounts', () => {
  it('show what is in them, and which are low', async () => {
    await open('/deposits', { '/deposits': () => ({ items: [STAY] }) })
    expect(await screen.findByText('ZY-1')).toBeTruthy()
    expect(await screen.findByText('*小明')).toBeTruthy()
    for (const amount of ['¥500.00', '¥100.00', '¥400.00', '¥1,000.00']) {
      expect(screen.getByText(amount)).toBeTruthy()
    }
    expect(screen.getByText('余额不足', { selector: '.chip' })).toBeTruthy()
  })

  it('are looked for by person, whose number is never in the address', async () => {
    const { sent } = await open('/deposits', {
      '/deposits': () => ({ items: [] }),
      '/patient-lookups': () => ({ patient: PATIENT }),
    })
    expect(await screen.findByText('没有这样的账户。')).toBeTruthy()
    type('完整号码', '370202198001010013')
    fireEvent.click(screen.getAllByRole('button', { name: /^查 ?找$/ })[0] as HTMLElement)
    await screen.findByText('*小明')
    await vi.waitFor(() => expect(sent.at(-1)?.url).toContain(`personId=${PERSON_ID}`))
    expect(sent.every(({ url }) => !url.includes('370202198001010013'))).toBe(true)
  })

  it('take in money once under its number', async () => {
    const { changes } = await open(`/deposits/${ID}`, {
      ...one(STAY),
      '/top-ups': () => ({ balanceFen: 150_000, freeFen: 140_000 }),
    })
    expect(await screen.findByText('¥700.00')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: '登记收款' }))
    await screen.findByLabelText('收据号或流水号')
    fireEvent.change(screen.getByLabelText('收款方式'), { target: { value: 'pos' } })
    type('收据号或流水号', '收据 9')
    type('收款金额（元）', '1000.5')
    const save = screen.getByRole<HTMLButtonElement>('button', { name: '登记收款 ¥1,000.50' })
    expect(save.disabled).toBe(true)
    type('收据号或流水号', ' SJ-9 ')
    fireEvent.click(save)
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    const body = { channel: 'pos', channelNo: 'SJ-9', amountFen: 100_050 }
    expect(await changes()[0]?.json()).toEqual(body)
  })

  it('are closed after it was said what goes back', async () => {
    const { changes } = await open(`/deposits/${ID}`, {
      ...one(STAY),
      '/give-back': () => problem(409, 'deposits.draw_under_way'),
    })
    fireEvent.click(await screen.findByRole('button', { name: '结清退款' }))
    fireEvent.click(await screen.findByRole('button', { name: '结清并退回 ¥400.00' }))
    expect(await screen.findByText(/有一笔费用正在从预交金中支付/)).toBeTruthy()
    expect(changes()).toHaveLength(1)
  })

  it('are only read by an auditor', async () => {
    await open(`/deposits/${ID}`, one(STAY), AUDITOR)
    expect(await screen.findByText('住院号 ZY-1', { exact: false })).toBeTruthy()
    expect(screen.queryByRole('button', { name: '登记收款' })).toBeNull()
  })
})

describe('what waits', () => {
  it('to go back is done by another, under the number of the channel', async () => {
    const { changes } = await open('/deposits/give-backs', {
      '/deposit-give-backs': () => ({ items: [BACK] }),
      '/done': () => ({}),
    })
    fireEvent.click(await screen.findByRole('button', { name: '登记已退' }))
    const dialog = within(await screen.findByRole('dialog'))
    const confirm = dialog.getByRole<HTMLButtonElement>('button', { name: '确认已退 ¥400.00' })
    expect(confirm.disabled).toBe(true)
    fireEvent.change(dialog.getByLabelText('退款流水号'), { target: { value: 'TK-1' } })
    fireEvent.click(confirm)
    await vi.waitFor(() => expect(changes()).toHaveLength(1))
    expect(await changes()[0]?.json()).toEqual({ channelNo: 'TK-1' })
  })

  it('to go back and was asked for by oneself waits for another', async () => {
    const mine = { ...BACK, askedBy: `staff:${CASHIER.staffId}` }
    await open('/deposits/give-backs', { '/deposit-give-backs': () => ({ items: [mine] }) })
    fireEvent.click(await screen.findByRole('button', { name: /^查 ?看$/ }))
    expect(await screen.findByText('您提出的退款须由另一位同事登记完成。')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /确认已退/ })).toBeNull()
  })

  it('to be drawn is listed with what is missing', async () => {
    const day = { accountId: ID, personId: PERSON_ID, stayNo: 'ZY-1', accountStatus: 'open' }
    await open('/deposits/days', {
      '/deposit-open-days': () => ({
        items: [{ ...day, day: '2026-11-21', totalFen: 90_000, drawnFen: 20_000 }],
      }),
    })
    expect(await screen.findByText('¥700.00')).toBeTruthy()
  })

  it('of old prepayments says when it is late, and gives the rest back', async () => {
    await open('/deposits/prepayments', { '/deposits': () => ({ items: [OLD] }) })
    expect(await screen.findByText('2025-12-31，已逾期')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: '结清退款' }))
    expect(await screen.findByRole('button', { name: '结清并退回 ¥86.40' })).toBeTruthy()
  })
})
