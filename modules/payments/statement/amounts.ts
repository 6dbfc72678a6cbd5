import { addFen, type Fen, subtractFen } from '../../../kernel/money.ts'
import { type PartKind, TENDER_PARTS } from '../money.ts'
import type { RefundId } from '../refund/refund.ts'

/**
 * What moves come to. `paidFen` was taken for the bills; `refundedFen` came back since, on balance: what a source
 * settled anew in the course of a refund is taken off, so that of one source it may be below zero. `netFen` is what
 * stays paid: always `paidFen` less `refundedFen`.
 */
export type Amounts = { paidFen: Fen; refundedFen: Fen; netFen: Fen }

/** Who bore it, and through whom it was paid. */
export type Source = { provider: string; part: PartKind }

export type SourceAmounts = Source & Amounts

/** One part of one movement of money, as the moves of payments tell it. */
export type StatementMove = Source & {
  tenderNo: number
  kind: 'charge' | 'return'
  /** Null for what was taken for the bills themselves. */
  refundId: RefundId | null
  amountFen: Fen
  at: Date
}

/** Taken for the bills: not given back, and not settled anew by a refund. */
export const isPayment = (move: StatementMove): boolean =>
  move.kind === 'charge' && move.refundId === null

export function amountsOf(moves: readonly StatementMove[]): Amounts {
  const sum = (wanted: (move: StatementMove) => boolean): Fen =>
    addFen(...moves.filter(wanted).map((move) => move.amountFen))
  const paidFen = sum(isPayment)
  const netFen = subtractFen(
    sum(({ kind }) => kind === 'charge'),
    sum(({ kind }) => kind === 'return'),
  )
  return { paidFen, refundedFen: subtractFen(paidFen, netFen), netFen }
}

export const addAmounts = (amounts: readonly Amounts[]): Amounts => ({
  paidFen: addFen(...amounts.map(({ paidFen }) => paidFen)),
  refundedFen: addFen(...amounts.map(({ refundedFen }) => refundedFen)),
  netFen: addFen(...amounts.map(({ netFen }) => netFen)),
})

/** What each source comes to: those of the first tender first, and of one tender in the order of its parts. */
export function sourcesOf(moves: readonly StatementMove[]): SourceAmounts[] {
  const ordered = moves.toSorted(
    (a, b) => a.tenderNo - b.tenderNo || partPlace(a.part) - partPlace(b.part),
  )
  return grouped(ordered, sourceKey).map((same) => ({ ...sourceOf(same[0]), ...amountsOf(same) }))
}

/** The sources of several payments as one list: 医保基金 first, 个人现金 last, by provider within. */
export function addSources(sources: readonly SourceAmounts[]): SourceAmounts[] {
  const ordered = sources.toSorted(
    (a, b) => partPlace(a.part) - partPlace(b.part) || byText(a.provider, b.provider),
  )
  return grouped(ordered, sourceKey).map((same) => ({ ...sourceOf(same[0]), ...addAmounts(same) }))
}

/** Groups of one key each, never empty, in the order in which their keys first appear. */
export function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): [Item, ...Item[]][] {
  const groups = new Map<string, [Item, ...Item[]]>()
  for (const item of items) {
    const known = groups.get(keyOf(item))
    if (known) known.push(item)
    else groups.set(keyOf(item), [item])
  }
  return [...groups.values()]
}

/** The same on every machine, whatever its language. */
export const byText = (a: string, b: string): number => Number(a > b) - Number(a < b)

const sourceKey = ({ provider, part }: Source) => `${provider} ${part}`

const sourceOf = ({ provider, part }: Source): Source => ({ provider, part })

/** What a statement has a column for: the usual three, and whatever else bore a part of it. */
export const kindsIn = (sources: readonly Source[]): PartKind[] =>
  TENDER_PARTS.filter((kind) => USUAL.has(kind) || sources.some(({ part }) => part === kind))

const USUAL = new Set<PartKind>(['pooled', 'account', 'self_pay'])

const partPlace = (part: PartKind) => TENDER_PARTS.indexOf(part)
