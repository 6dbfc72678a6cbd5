import { type Fen, subtractFen } from '../../../kernel/money.ts'
import type { ElsewhereRow } from '../centre/clearing.ts'
import type { Figures } from '../figures.ts'

/** A settlement of ours of somebody from elsewhere that stands. */
export type OwnSettlement = { msgid: string; settledAt: Date; figures: Figures }

export type ComparedClearing = {
  number: string
  result: 'agrees' | 'theirs_only' | 'ours_only'
  msgid: string | null
  settledAt: Date
  totalFen: Fen
  insurersFen: Fen
}

/**
 * Pure: the national platform numbers settlements anew, so theirs and ours are matched by when and how much, each once. In
 * the order of their list, and then what only we have.
 */
export function compareClearing(
  theirs: readonly ElsewhereRow[],
  ours: readonly OwnSettlement[],
): ComparedClearing[] {
  const left = new Map<string, OwnSettlement[]>()
  for (const own of ours) {
    const key = keyOf(own.settledAt, own.figures.totalFen, insurersFenOf(own.figures))
    left.set(key, [...(left.get(key) ?? []), own])
  }
  const listed = theirs.map((row): ComparedClearing => {
    const own = left.get(keyOf(row.settledAt, row.totalFen, row.fundFen))?.shift()
    return {
      number: row.setlSn,
      result: own ? 'agrees' : 'theirs_only',
      msgid: own?.msgid ?? null,
      settledAt: row.settledAt,
      totalFen: row.totalFen,
      insurersFen: row.fundFen,
    }
  })
  const missing = [...left.values()]
    .flat()
    .map(({ msgid, settledAt, figures }): ComparedClearing => ({
      number: msgid,
      result: 'ours_only',
      msgid,
      settledAt,
      totalFen: figures.totalFen,
      insurersFen: insurersFenOf(figures),
    }))
  return [...listed, ...missing]
}

/** 经办机构支付总额: all that is not the person's cash. */
const insurersFenOf = ({ totalFen, cashFen }: Figures): Fen => subtractFen(totalFen, cashFen)

const keyOf = (at: Date, totalFen: Fen, insurersFen: Fen) =>
  `${at.toISOString()} ${totalFen} ${insurersFen}`

export type MonthStatus = 'open' | 'confirming' | 'confirmed'
