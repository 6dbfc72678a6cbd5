import { addFen, type Fen, fen, negateFen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { amountOf, type Move } from '../payments/index.ts'
import type { Settlement } from './claim.ts'
import type { ComparedGroup, ComparedRow, DifferenceRow } from './insurance-centre.ts'

// Pure: how a day's moves are put together for the centre's comparison.

/** A move of the books with what only its settlement knows. Amounts of returns are below zero. */
export type OwnRow = ComparedRow & {
  move: Move
  insutype: string
  clearing: Clearing
  cashFen: Fen
}

/** What 3202 compares at once: clr_type and setl_optins. */
export type Clearing = { clrType: string; setlOptins: string }

export type ComparedTotals = Clearing & { insutype: string; rows: readonly OwnRow[] }

/** 11 门诊 */
const OUTPATIENT = '11'
/** 310 职工基本医疗 and 390 城乡居民 have nearly all visits: compared also on a day without any of ours. */
const ALWAYS_COMPARED = ['310', '390']

/** The amounts are those of the books, so that it is the books that are compared. */
export function toOwnRow(move: Move, settlement: Settlement, admdvs: string): OwnRow {
  const isReturn = move.kind === 'return'
  const signed = (amount: Fen) => (isReturn ? negateFen(amount) : amount)
  const { figures, setlId, mdtrtId, psnNo, insutype, clrType, clrOptins } = settlement
  return {
    move,
    setlId: setlId ?? move.providerNo,
    mdtrtId,
    psnNo,
    insutype,
    clearing: { clrType: clrType ?? OUTPATIENT, setlOptins: clrOptins ?? admdvs },
    isReturn,
    totalFen: signed(figures?.totalFen ?? fen(0)),
    fundFen: signed(amountOf(move.parts, 'pooled')),
    accountFen: signed(amountOf(move.parts, 'account')),
    cashFen: signed(figures?.cashFen ?? fen(0)),
  }
}

/** The groups of 3201: those we have settlements in, and those that are compared anyway. */
export function groupsOf(rows: readonly OwnRow[], admdvs: string): ComparedTotals[] {
  const groups = new Map<string, ComparedTotals & { rows: OwnRow[] }>()
  const groupOf = (insutype: string, clearing: Clearing) => {
    const key = [insutype, clearing.clrType, clearing.setlOptins].join(' ')
    const group = groups.get(key) ?? { ...clearing, insutype, rows: [] }
    groups.set(key, group)
    return group
  }
  for (const row of rows) groupOf(row.insutype, row.clearing).rows.push(row)
  for (const insutype of ALWAYS_COMPARED) {
    groupOf(insutype, { clrType: OUTPATIENT, setlOptins: admdvs })
  }
  return [...groups.values()]
}

export const sameClearing = (a: Clearing, b: Clearing): boolean =>
  a.clrType === b.clrType && a.setlOptins === b.setlOptins

export const totalsOf = (
  date: BusinessDate,
  { clrType, setlOptins }: Clearing,
  rows: readonly OwnRow[],
): ComparedGroup => ({
  clrType,
  setlOptins,
  date,
  totalFen: addFen(...rows.map((row) => row.totalFen)),
  fundFen: addFen(...rows.map((row) => row.fundFen)),
  accountFen: addFen(...rows.map((row) => row.accountFen)),
  cashFen: addFen(...rows.map((row) => row.cashFen)),
  count: rows.length,
})

/** A centre's row is about the settlement with its setl_id; by the message where it gives none. */
export const isAbout = (row: DifferenceRow, own: OwnRow): boolean =>
  row.setlId === '' ? row.msgid === own.move.ourNo : row.setlId === own.setlId

/** Centres differ in whether a return counts below zero. That alone is no difference. */
export const differsInSignOnly = (own: OwnRow, theirs: DifferenceRow['theirs']): boolean =>
  theirs !== null &&
  own.isReturn &&
  theirs.totalFen === negateFen(own.totalFen) &&
  theirs.fundFen === negateFen(own.fundFen) &&
  theirs.accountFen === negateFen(own.accountFen)

export const unsigned = (amount: Fen): Fen => fen(Math.abs(amount))
