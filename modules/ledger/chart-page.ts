import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import { type AccountBalance, accountPage, type BalanceAt, balancePage } from './balance-store.ts'
import { chartOf } from './chart.ts'
import type { AccountKind } from './entry.ts'

const CODES_AT_ONCE = 1_000

type ChartWish = {
  after?: string
  limit: number
  at: BalanceAt | undefined
  kind?: AccountKind | undefined
  /** Stands in the code or in a name. */
  q?: string | undefined
}

/** A page of the chart with what each account stands at, by code. `next` is null on the last page. */
export async function chartPage(
  tx: Tx,
  hospitalId: HospitalId,
  { at, ...wish }: ChartWish,
): Promise<{ balances: AccountBalance[]; next: string | null }> {
  const { codes, next } = await codesOf(tx, hospitalId, wish)
  if (codes.length === 0) return { balances: [], next: null }
  const page = { limit: wish.limit, codes, ...(at ? { at } : {}) }
  return { balances: await balancePage(tx, hospitalId, page), next }
}

/** Names are the chart's, and not the database's: codes are gone through until enough fit. */
async function codesOf(
  tx: Tx,
  hospitalId: HospitalId,
  { after = '', limit, kind, q }: Omit<ChartWish, 'at'>,
): Promise<{ codes: string[]; next: string | null }> {
  const codes: string[] = []
  const atOnce = q === undefined ? limit + 1 : CODES_AT_ONCE
  for (let from = after; ;) {
    const wish = { after: from, limit: atOnce, ...(kind ? { kind } : {}) }
    const rows = await accountPage(tx, hospitalId, wish)
    for (const { code } of rows) {
      if (!fits(code, q)) continue
      if (codes.length === limit) return { codes, next: codes.at(-1) ?? null }
      codes.push(code)
    }
    const last = rows.at(-1)
    if (!last || rows.length < atOnce) return { codes, next: null }
    from = last.code
  }
}

function fits(code: string, q: string | undefined): boolean {
  if (q === undefined) return true
  const name = chartOf(code)
  const wanted = q.toLowerCase()
  return [code, name?.zh, name?.en, name?.subjectCode, name?.subjectName].some((text) =>
    text?.toLowerCase().includes(wanted),
  )
}
