import { describe, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { PAYMENT_STATUSES, type Payment, type Tender, type TenderStatus } from './payment.ts'
import type { Refund } from './refund/refund.ts'
import { confirmedWorld } from './testing/payment-model.ts'
import { newRefundWorld } from './testing/refund-model.ts'
import {
  inTransitFen,
  nextLookOf,
  payerStateOf,
  type PaymentPicture,
  viewOfPicture,
} from './view.ts'

const START = confirmedWorld({ payer: true, insurer: true, bills: 1 })

function picture(
  payment: Partial<Payment>,
  [wallet, insurer]: Partial<Tender>[] = [],
  refunds: Partial<Refund>[] = [],
): PaymentPicture {
  const changes = [wallet, insurer]
  return {
    payment: { ...START.payment, ...payment },
    tenders: START.tenders.map((tender, i) => ({ ...tender, ...changes[i] })),
    bills: [...START.bills],
    refunds: refunds.map((refund) => ({
      ...newRefundWorld('requested').refund,
      ...refund,
      way: { parts: [], toPayerFen: null, declineCode: null },
    })),
    wishes: [],
  }
}

const taken = (amountFen: number, returnedFen = 0): Partial<Tender> => ({
  status: 'taken',
  takenFen: fen(amountFen),
  returnedFen: fen(returnedFen),
  chargeProviderNo: 'no',
})
const PAID = [taken(4_000), taken(6_000)]

describe('payerStateOf', () => {
  it.each<[string, PaymentPicture, string]>([
    ['a plan', picture({ status: 'quoted' }), 'to_confirm'],
    ['an order on its way', picture({}, [{ status: 'asked' }]), 'processing'],
    ['an order that waits', picture({}, [{ status: 'ordered' }]), 'to_pay'],
    [
      'an order that waits and is to be stopped',
      picture({ cancelRequestedAt: START.now }, [{ status: 'ordered' }]),
      'processing',
    ],
    ['paid, not told', picture({ status: 'settling' }, PAID), 'confirming'],
    ['told', picture({ status: 'succeeded' }, PAID), 'succeeded'],
    ['undone, in doubt', picture({ status: 'compensating' }, [{ status: 'asked' }]), 'processing'],
    ['undone, with money', picture({ status: 'compensating' }, [taken(4_000)]), 'returning'],
    ['undone', picture({ status: 'failed' }, [taken(4_000, 4_000)]), 'returned'],
    ['never taken', picture({ status: 'closed' }, [{ status: 'declined' }]), 'not_charged'],
    [
      'cancelled',
      picture({ status: 'closed', failureCode: 'cancelled' }, [{ status: 'released' }]),
      'closed',
    ],
    ['never confirmed', picture({ status: 'closed', confirmedAt: null }), 'closed'],
    ['paid after the end', picture({ status: 'closed' }, [taken(4_000)]), 'returning'],
    ['paid after the end, back', picture({ status: 'closed' }, [taken(4_000, 4_000)]), 'returned'],
    [
      'a refund the hospital has not agreed to',
      picture({ status: 'succeeded' }, PAID, [{ status: 'approving' }]),
      'succeeded',
    ],
    [
      'a refund the hospital refused',
      picture({ status: 'succeeded' }, PAID, [{ status: 'refused' }]),
      'succeeded',
    ],
    [
      'a refund on its way',
      picture({ status: 'succeeded' }, PAID, [{ status: 'returning' }]),
      'returning',
    ],
    [
      'a refund the hospital has not heard of',
      picture({ status: 'succeeded' }, PAID, [{ status: 'completing' }]),
      'returning',
    ],
    [
      'a part that came back',
      picture({ status: 'succeeded' }, PAID, [{ status: 'succeeded' }]),
      'part_refunded',
    ],
    [
      'all that came back, in two parts',
      picture({ status: 'succeeded' }, PAID, [
        { status: 'succeeded', amountFen: fen(2_000) },
        { status: 'succeeded', amountFen: fen(8_000) },
      ]),
      'refunded',
    ],
    [
      'what the reconciliation gave back',
      picture({ status: 'succeeded' }, PAID, [
        { status: 'succeeded', cause: 'reconciliation', amountFen: fen(10_000) },
      ]),
      'refunded',
    ],
  ])('%s', (_what, shown, state) => {
    expect(payerStateOf(shown)).toBe(state)
  })

  it('never says that nothing was taken while anything is unknown, on its way, or taken', () => {
    const statuses: TenderStatus[] = [
      'planned',
      'asked',
      'ordered',
      'taken',
      'declined',
      'released',
    ]
    let seen = 0
    for (const status of PAYMENT_STATUSES) {
      for (const [wallet, insurer] of statuses.flatMap((a) =>
        statuses.map((b) => [a, b] as const),
      )) {
        for (const takenFen of [fen(0), fen(4_000)]) {
          const shown = picture({ status }, [{ status: wallet, takenFen }, { status: insurer }])
          if (payerStateOf(shown) !== 'not_charged') continue
          seen++
          expect(takenFen).toBe(0)
          expect([wallet, insurer]).not.toContain('asked')
          expect([wallet, insurer]).not.toContain('ordered')
          expect(['failed', 'closed']).toContain(status)
        }
      }
    }
    expect(seen).toBeGreaterThan(0)
  })
})

describe('inTransitFen', () => {
  it.each<[string, PaymentPicture, number]>([
    ['nothing taken', picture({}), 0],
    ['taken by the wallet', picture({ status: 'settling' }, [taken(4_000)]), 4_000],
    ['taken by both', picture({ status: 'settling' }, PAID), 10_000],
    ['the hospital’s', picture({ status: 'succeeded' }, PAID), 0],
    [
      'the hospital’s, with a wish to give back',
      picture({ status: 'succeeded' }, PAID, [{ status: 'approving' }]),
      0,
    ],
    ['agreed to go back', picture({ status: 'succeeded' }, PAID, [{ status: 'returning' }]), 2_000],
    [
      'agreed to go back, and gone by the insurer',
      picture(
        { status: 'succeeded' },
        [taken(4_000), taken(10_800, 6_000)],
        [{ status: 'returning' }],
      ),
      800,
    ],
    [
      'gone back',
      picture(
        { status: 'succeeded' },
        [taken(4_000, 800), taken(10_800, 6_000)],
        [{ status: 'succeeded' }],
      ),
      0,
    ],
    [
      'given back by the reconciliation',
      picture(
        { status: 'succeeded' },
        [taken(4_000, 4_000), taken(6_000, 6_000)],
        [{ status: 'succeeded', cause: 'reconciliation', amountFen: fen(10_000) }],
      ),
      0,
    ],
  ])('%s', (_what, shown, amountFen) => {
    expect(inTransitFen(shown)).toBe(amountFen)
  })
})

describe('what is shown of a payment', () => {
  it('says when it is looked at next, and nothing of that once it is over', () => {
    const retryAt = new Date('2026-11-21T10:05:00+08:00')
    expect(nextLookOf(picture({ retryAt }))).toEqual(retryAt)
    expect(nextLookOf(picture({}))).toEqual(START.payment.expiresAt)
    expect(nextLookOf(picture({ status: 'succeeded', retryAt }))).toBeNull()
  })

  it('has the payer’s order while it waits and not afterwards', () => {
    const payerAction = { kind: 'qr_code' as const, content: 'x' }
    const shown = (status: TenderStatus) =>
      viewOfPicture(picture({ ...ID }, [{ status, payerAction }])).tenders[0]?.payerAction
    expect([shown('ordered'), shown('taken')]).toEqual([payerAction, null])
  })

  it('names nobody', () => {
    const text = JSON.stringify(viewOfPicture(picture({ ...ID })))
    for (const hidden of ['personId', 'patientNo', 'diagnosis', 'payerAccount']) {
      expect(text).not.toContain(hidden)
    }
  })

  const ID = { id: '0190b3a0-0000-7000-8000-000000000001' as Payment['id'] }
})
