// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'

import type { Payment } from '../../../contract/client.ts'
import { answerWith, FINANCE, problem, renderFor } from '../testing/console.tsx'
import { somePayment } from '../testing/payments.ts'
import { goneLineNos, refundObstacle, refundWish } from './refund-rules.ts'
import { RefundDialog } from './RefundDialog.tsx'

afterEach(() => {
  cleanup()
  sessionStorage.clear()
  vi.unstubAllGlobals()
})

const payment = somePayment(1)

async function openAndReview() {
  await renderFor(FINANCE, <RefundDialog payment={payment} isOpen onClose={() => undefined} />)
  await chooseAndReview()
}

async function chooseAndReview() {
  fireEvent.click(await screen.findByLabelText(/阿司匹林/))
  fireEvent.click(screen.getByRole('button', { name: '医生更改医嘱' }))
  fireEvent.click(screen.getByRole('button', { name: '核对金额' }))
}

it('sends the very lines and says the exact amount before', async () => {
  const sent = answerWith({ '/refunds': () => ({ id: 'r1' }) })
  await openAndReview()
  fireEvent.click(await screen.findByRole('button', { name: '确认退款 ¥15.00' }))
  await vi.waitFor(() => expect(sent).toHaveLength(1))
  expect(await sent[0]?.json()).toEqual({ billNo: 'ZD1', lineNos: [2], reason: '医生更改医嘱' })
})

it('an answer that is lost leaves one request, to be sent again under the same key, after a reload too', async () => {
  let isLost = true
  const sent = answerWith({
    '/refunds': () => {
      if (isLost) throw new TypeError('the network is gone')
      return { id: 'r1' }
    },
  })
  await openAndReview()
  fireEvent.click(await screen.findByRole('button', { name: '确认退款 ¥15.00' }))
  await screen.findByText(/上次发送没有收到答复/)

  cleanup()
  isLost = false
  await renderFor(FINANCE, <RefundDialog payment={payment} isOpen onClose={() => undefined} />)
  expect(screen.queryByRole('button', { name: '返回修改' })).toBeNull()
  fireEvent.click(await screen.findByRole('button', { name: '再次发送同一申请 ¥15.00' }))
  await vi.waitFor(() => expect(sent).toHaveLength(2))
  const keys = sent.map(({ headers }) => headers.get('idempotency-key'))
  expect(keys[0]).toBeTruthy()
  expect(keys[1]).toBe(keys[0])
  expect(await sent[1]?.text()).toBe(await sent[0]?.text())
  await vi.waitFor(() => expect(sessionStorage).toHaveLength(0))
})

it('a refusal is an answer: what was wished can be changed and is sent under another key', async () => {
  const sent = answerWith({ '/refunds': () => problem(409, 'payments.refund_running') })
  await openAndReview()
  for (const times of [1, 2]) {
    fireEvent.click(await screen.findByRole('button', { name: '确认退款 ¥15.00' }))
    await vi.waitFor(() => expect(sent).toHaveLength(times))
    await screen.findByText('已有一笔退款正在处理，请等它完成。')
  }
  const keys = sent.map(({ headers }) => headers.get('idempotency-key'))
  expect(keys[1]).not.toBe(keys[0])
  expect(screen.getByRole('button', { name: '返回修改' })).toBeTruthy()
})

it('F-67: what one person may not give alone is put before a second one, as the same wish', async () => {
  const refusal = {
    type: '/problems/payments.refund_needs_approval',
    status: 422,
    code: 'payments.refund_needs_approval',
    params: { why: 'amount,late' },
    instance: 'no-1',
  }
  const sent = answerWith({
    '/refunds': () => Response.json(refusal, { status: 422 }),
    '/refund-requests': () => ({ id: 'r1', amountFen: 1_500 }),
  })
  let isClosed = false
  await renderFor(
    FINANCE,
    <RefundDialog payment={payment} isOpen onClose={() => (isClosed = true)} />,
  )
  await chooseAndReview()
  fireEvent.click(await screen.findByRole('button', { name: '确认退款 ¥15.00' }))
  expect(
    await screen.findByText(/须由另一位财务人员复核： 超过一人可退的金额。 缴费时间较久。/),
  ).toBeTruthy()
  expect(screen.queryByRole('button', { name: /确认退款/ })).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: '提交复核 ¥15.00' }))
  await vi.waitFor(() => expect(isClosed).toBe(true))
  const [refused, asked] = sent
  expect(await asked?.text()).toBe(await refused?.text())
  expect(asked?.url).toMatch(/\/refund-requests$/)
})

it('knows why a refund cannot be asked for', () => {
  const refund: Payment['refunds'][number] = {
    id: 'r1',
    paymentId: payment.id,
    cause: 'requested',
    status: 'succeeded',
    billNo: 'ZD1',
    lineNos: [2],
    amountFen: 1_500,
    parts: [],
    toPayerFen: 1_500,
    reason: '医生更改医嘱',
    refusalCode: null,
    receiptNo: null,
    attention: null,
    declineCode: null,
    createdAt: '2026-11-21T03:00:00Z',
    approvedAt: null,
    returnedAt: null,
  }
  const once = { ...payment, refunds: [{ ...refund, lineNos: [2] }] }
  expect(refundObstacle(payment, FINANCE)).toBeNull()
  expect(refundObstacle(payment, { roles: ['auditor'] })).toBe('role')
  expect(refundObstacle({ ...payment, status: 'settling' }, FINANCE)).toBe('state')
  expect(
    refundObstacle(
      { ...once, refunds: [{ ...refund, lineNos: [2], status: 'returning' }] },
      FINANCE,
    ),
  ).toBe('running')
  expect(refundObstacle({ ...once, refunds: [{ ...refund, lineNos: [] }] }, FINANCE)).toBe('gone')
  expect([...goneLineNos(once, 'ZD1')]).toEqual([2])
  expect(refundWish(payment, { billNo: 'ZD1', lineNos: new Set([2, 1]), reason: ' x ' })).toEqual({
    billNo: 'ZD1',
    lineNos: [],
    reason: 'x',
  })
})
