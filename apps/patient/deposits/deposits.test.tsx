// @vitest-environment happy-dom
import { cleanup, configure, fireEvent, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { DepositAccount, DepositMovement } from '../../../contract/client.ts'
import { MOVEMENT_KINDS } from '../../../modules/deposits/movements.ts'
import zh from '../locales/zh-CN/payers.json'
import { loadPayerWords } from '../parts/payer-words.ts'
import { answersOf, problemOf, showLater } from '../testing/later.tsx'
import { DepositsPage } from './DepositsPage.tsx'

configure({ asyncUtilTimeout: 10_000 })

beforeEach(() => sessionStorage.clear())
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const account = (given: Partial<DepositAccount> = {}): DepositAccount => ({
  id: '0193a000-0000-7000-8000-000000000001',
  personId: '0193a000-0000-7000-8000-000000000002',
  kind: 'inpatient',
  stayNo: 'ZY-1',
  custodyBank: '海岳银行',
  status: 'open',
  balanceFen: 50_000,
  heldFen: 0,
  freeFen: 50_000,
  isLow: false,
  clearBy: null,
  openedAt: '2026-11-01T00:00:00Z',
  closedAt: null,
  ...given,
})

const old = account({
  kind: 'outpatient',
  balanceFen: 8_640,
  freeFen: 8_640,
  clearBy: '2025-12-31',
})

async function draw(items: DepositAccount[], routes: Parameters<typeof answersOf>[0] = {}) {
  const { sent, fetch } = answersOf({ 'GET /my-deposits': () => ({ items }), ...routes })
  vi.stubGlobal('fetch', fetch)
  await showLater(DepositsPage, loadPayerWords, {})
  return sent
}

it('shows what is in a stay’s deposit, what of it is promised, and what happened to it', async () => {
  const movements: DepositMovement[] = [
    {
      kind: 'drawn',
      amountFen: 3_000,
      channel: null,
      channelNo: null,
      at: '2026-11-03T00:00:00Z',
    },
    {
      kind: 'paid_in',
      amountFen: 50_000,
      channel: 'wechat',
      channelNo: 'W-1',
      at: '2026-11-02T00:00:00Z',
    },
  ]
  const stay = account({ heldFen: 1_000, freeFen: 49_000, isLow: true })
  await draw([stay], { [`GET /my-deposits/${stay.id}`]: () => ({ account: stay, movements }) })
  const card = await screen.findByRole('article', { name: '住院预交金 ZY-1' })
  for (const words of ['¥500.00', '其中 ¥10.00 正在使用或退回，可用 ¥490.00', '请及时补交']) {
    expect(card.textContent).toContain(words)
  }
  expect(screen.queryByRole('button', { name: /退回余额/ })).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: '收支明细' }))
  await screen.findByText(/微信支付 · W-1/)
  expect(card.textContent).toMatch(/付费用[^]*− 支出 ¥30\.00[^]*存入[^]*\+ 收入 ¥500\.00/)
})

it('says why an old prepayment only ends, and asks for it back once, after asking', async () => {
  const sent = await draw([old], {
    [`POST /my-deposits/${old.id}/give-back`]: () => ({ account: old, movements: [] }),
  })
  const ask = await screen.findByRole('button', { name: '退回余额 ¥86.40' })
  expect(screen.getByText('国家规定不再收取门诊预交金，所以不能再存。')).toBeTruthy()
  await screen.findByText(/本应在 2025年12月31日 周三 前退清，抱歉让您久等/)
  fireEvent.click(ask)
  expect(sent).toEqual([])
  fireEvent.click(await screen.findByText('全部退回', { selector: 'button' }))
  await expect.poll(() => sent.length).toBe(1)
})

it('says that it is on its way back, and offers nothing more', async () => {
  await draw([{ ...old, status: 'closed', heldFen: 8_640, freeFen: 0 }])
  await screen.findByText('正在退回 ¥86.40，不用再申请。')
  expect(screen.queryByRole('button', { name: /退回余额/ })).toBeNull()
})

it('says in words why it cannot go back now', async () => {
  await draw([old], { 'POST /give-back': () => problemOf(409, 'deposits.draw_under_way') })
  fireEvent.click(await screen.findByRole('button', { name: /退回余额/ }))
  fireEvent.click(await screen.findByText('全部退回', { selector: 'button' }))
  const words = '有一笔费用正在从预交金中支付，请稍后再结清。'
  expect(await screen.findByText(words)).toBeTruthy()
})

it('says that there is none', async () => {
  await draw([])
  expect(await screen.findByText('没有预交金。')).toBeTruthy()
})

it('has words for everything that happens to an account', () => {
  expect(Object.keys(zh.deposits.kindsOfMove).toSorted()).toEqual([...MOVEMENT_KINDS].toSorted())
})
