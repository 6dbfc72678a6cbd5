import { expect, it } from 'vitest'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import type { HoldId } from '../ledger/index.ts'
import type { DepositAccountId } from './account.ts'
import { movementsOf } from './movements.ts'

const at = (day: number) => new Date(`2026-11-${String(day).padStart(2, '0')}T00:00:00Z`)
const hospital_id = 17 as HospitalId
const account_id = 'a' as DepositAccountId
const topUpId = 't' as Id<'TopUp'>

it('tells all that happened, the latest first, and by which channel money goes back', () => {
  const draw = {
    hospital_id,
    account_id,
    refusal: null,
    hold_id: null,
    returned_fen: fen(0),
    updated_at: at(3),
  }
  const movements = movementsOf(
    [
      {
        id: topUpId,
        accountId: account_id,
        cause: 'wechat:1',
        channel: 'wechat',
        channelNo: 'W1',
        amountFen: fen(500),
        returnedFen: fen(0),
        at: at(1),
      },
    ],
    {
      draws: [
        {
          ...draw,
          trade_no: 'A',
          amount_fen: fen(100),
          status: 'taken',
          requested_at: at(2),
          taken_at: at(3),
        },
        {
          ...draw,
          trade_no: 'B',
          amount_fen: fen(50),
          status: 'held',
          requested_at: at(5),
          taken_at: null,
        },
      ],
      returns: [{ hospital_id, refund_no: 'R', trade_no: 'A', amount_fen: fen(20), at: at(4) }],
    },
    [
      {
        hospital_id,
        id: 'g' as Id<'GiveBack'>,
        account_id,
        top_up_id: topUpId,
        amount_fen: fen(370),
        hold_id: 'h' as HoldId,
        status: 'done',
        asked_by: 'x',
        asked_at: at(6),
        channel: 'wechat',
        channel_no: 'W-R1',
        done_by: 'staff:b',
        done_at: at(7),
      },
    ],
  )
  expect(movements.map(({ kind, amountFen }) => [kind, amountFen])).toEqual([
    ['given_back', 370],
    ['promised', 50],
    ['returned', 20],
    ['drawn', 100],
    ['paid_in', 500],
  ])
  expect(movements[0]).toMatchObject({ channel: 'wechat', channelNo: 'W-R1' })
})
