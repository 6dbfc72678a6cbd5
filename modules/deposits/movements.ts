import type { Fen } from '../../kernel/money.ts'
import type { TopUp } from './account.ts'
import type { GiveBackRow } from './give-back-store.ts'
import type { DrawReturnRow, DrawRow } from './store.ts'

export const MOVEMENT_KINDS = [
  'paid_in',
  'promised', // to a payment under way
  'drawn',
  'returned', // a payment that was drawn from it was refunded
  'back_asked', // on its way back to where it came from
  'given_back',
] as const

export type Movement = {
  kind: (typeof MOVEMENT_KINDS)[number]
  amountFen: Fen
  channel: string | null
  channelNo: string | null
  at: Date
}

/** Pure: all that happened to an account, the latest first. */
export function movementsOf(
  topUps: readonly TopUp[],
  { draws, returns }: { draws: readonly DrawRow[]; returns: readonly DrawReturnRow[] },
  giveBacks: readonly GiveBackRow[],
): Movement[] {
  const movements: Movement[] = [
    ...topUps.map(({ amountFen, channel, channelNo, at }) => {
      const kind = 'paid_in' as const
      return { kind, amountFen, channel, channelNo, at }
    }),
    ...draws.map((draw) => ({
      kind: draw.status === 'taken' ? ('drawn' as const) : ('promised' as const),
      amountFen: draw.amount_fen,
      ...NO_CHANNEL,
      at: draw.taken_at ?? draw.requested_at,
    })),
    ...returns.map(({ amount_fen, at }) => {
      return { kind: 'returned' as const, amountFen: amount_fen, ...NO_CHANNEL, at }
    }),
    ...giveBacks.map((row) => ({
      kind: row.status === 'done' ? ('given_back' as const) : ('back_asked' as const),
      amountFen: row.amount_fen,
      channel: topUps.find(({ id }) => id === row.top_up_id)?.channel ?? null,
      channelNo: row.channel_no,
      at: row.done_at ?? row.asked_at,
    })),
  ]
  // Of one moment, what can only come after the other stands above it.
  return movements.toSorted((a, b) => a.at.getTime() - b.at.getTime()).toReversed()
}

const NO_CHANNEL = { channel: null, channelNo: null }
