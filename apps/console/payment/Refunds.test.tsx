// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'

import type { Payment } from '../../../contract/client.ts'
import { answerWith, FINANCE, renderFor } from '../testing/console.tsx'
import { somePayment } from '../testing/payments.ts'
import { Refunds } from './Refunds.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

const stuck: Payment['refunds'][number] = {
  id: 'r1',
  paymentId: 'p1',
  cause: 'requested',
  status: 'returning',
  billNo: 'ZD1',
  lineNos: [2],
  amountFen: 1_500,
  parts: [{ provider: 'insurance', kind: 'pooled', amountFen: 1_600 }],
  toPayerFen: null,
  reason: '退药',
  refusalCode: null,
  receiptNo: null,
  attention: 'source_returned_too_much',
  declineCode: null,
  createdAt: '2026-11-21T03:00:00Z',
  approvedAt: '2026-11-21T03:00:10Z',
  returnedAt: null,
}

const draw = (changes: Partial<typeof stuck>) => {
  answerWith({})
  return renderFor(
    FINANCE,
    <Refunds payment={somePayment(1, { refunds: [{ ...stuck, ...changes }] })} />,
  )
}

it('offers no retry where no provider has declined: there is nothing to ask again', async () => {
  await draw({})
  expect(await screen.findByText('医保或保险退回多于应退，差额需患者补缴或医院承担')).toBeTruthy()
  expect(screen.queryByRole('button', { name: '重新请求退回' })).toBeNull()
  expect(document.body.textContent).toMatch(/医保 医保基金 ¥16\.00/)
  expect(document.body.textContent).toContain('退给患者的金额待各方算好')
})

it('offers it where one has, also once it is overdue', async () => {
  await draw({ attention: 'overdue', declineCode: 'not_enough', toPayerFen: 500 })
  expect(await screen.findByRole('button', { name: '重新请求退回' })).toBeTruthy()
})
