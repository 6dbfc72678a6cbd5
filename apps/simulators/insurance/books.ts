import { addFen, type Fen, fen, negateFen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { WorldPerson } from '../world/world.ts'
import { assertIdentities, NOTHING_USED, type YearUse, useOf } from './policy.ts'
import { type Settlement, toSettlement } from './settlements.ts'
import { integerOf, type Row, type Store, textOf } from './store.ts'

// The centre's own books: what is in every personal account, what every person has used of the
// year, and a ledger in which each settlement, refund and reversal is one entry that adds up to zero.

/** Opens an account for everybody who has none yet; balances of a former run go on. */
export function openAccounts(store: Store, people: readonly WorldPerson[]): void {
  store.transaction(() => {
    for (const { insurance } of people) {
      if (!insurance) continue
      const opening = insurance.accountBalanceFen
      store.run('insert or ignore into account values (?, ?, ?)', [
        insurance.personNo,
        opening,
        opening,
      ])
    }
  })
}

/** 个人账户 balance. Zero for a person without an account. */
export function balanceOf(store: Store, personNo: string): Fen {
  const row = store.get('select balance_fen from account where psn_no = ?', [personNo])
  return row ? fen(integerOf(row, 'balance_fen')) : ZERO
}

export function yearUseOf(store: Store, of: PersonYear): YearUse {
  const row = store.get('select * from year_use where psn_no = ? and insutype = ? and year = ?', [
    of.personNo,
    of.scheme,
    of.year,
  ])
  return row ? toYearUse(row) : NOTHING_USED
}

type PersonYear = { personNo: string; scheme: string; year: string }

/**
 * Books a settlement: takes the account's part, adds to the year, writes the entry. The same with
 * the settlement a refund had taken back, when the refund is reversed.
 */
export function applySettlement(store: Store, settlement: Settlement): void {
  book(store, settlement, 1)
}

/** Gives back exactly what a settlement took. */
export function undoSettlement(store: Store, settlement: Settlement): void {
  book(store, settlement, -1)
}

/** Every way in which the books contradict themselves, in words; none when all is well. */
export function checkBooks(store: Store): string[] {
  const rows = store.all('select * from settlement order by seq').map(toSettlement)
  return [
    ...store
      .all('select * from internal_error')
      .map((row) => `an internal error was answered: ${textOf(row, 'message')}`),
    ...rows.flatMap(checkFigures),
    ...checkStatuses(rows),
    ...checkLedger(store, rows),
    ...checkAccounts(store, rows),
    ...checkYears(store, rows),
  ]
}

/** The year is the settlement's own, so one that is undone in January gives back the old year's. */
function book(store: Store, settlement: Settlement, sign: 1 | -1) {
  const signed = (amount: Fen) => (sign === 1 ? amount : negateFen(amount))
  const { personNo, scheme, businessDate, figures } = settlement
  store.run('update account set balance_fen = balance_fen - ? where psn_no = ?', [
    signed(figures.accountFen),
    personNo,
  ])
  const use = useOf(figures)
  const added = USE_COLUMNS.map(([name]) => signed(use[name]))
  const key = [personNo, scheme, businessDate.slice(0, 4)]
  store.run('insert or ignore into year_use values (?, ?, ?, 0, 0, 0, 0, 0, 0, 0)', key)
  store.run(
    `update year_use set ${USE_COLUMNS.map(([, column]) => `${column} = ${column} + ?`).join(', ')}
     where psn_no = ? and insutype = ? and year = ?`,
    [...added, ...key],
  )
  writeEntry(
    store,
    settlement.id,
    linesOf(settlement).map(([account, amount]) => [account, signed(amount)]),
  )
}

/** What each side gives, below zero, and what the hospital is owed for it. */
function linesOf(settlement: Settlement): [string, Fen][] {
  const { figures } = settlement
  const funds = figures.rows.filter((row) => row.fund !== ACCOUNT_FUND)
  return [
    ...funds.map((row): [string, Fen] => [`fund:${row.fund}`, negateFen(row.paidFen)]),
    [`account:${settlement.personNo}`, negateFen(figures.accountFen)],
    ['cash', negateFen(figures.cashFen)],
    [`hospital:${settlement.fixmedinsCode}`, subtractFen(figures.totalFen, figures.hospitalFen)],
  ]
}

function writeEntry(store: Store, settlementId: string, lines: [string, Fen][]) {
  const last = store.get('select coalesce(max(entry_no), 0) as n from ledger_line')
  const entryNo = integerOf(last, 'n') + 1
  for (const [account, amount] of lines) {
    const values = [entryNo, settlementId, account, amount]
    store.run('insert into ledger_line values (?, ?, ?, ?)', values)
  }
}

function checkFigures(row: Settlement): string[] {
  try {
    assertIdentities(row.figures)
    return []
  } catch (error) {
    return [`settlement ${row.id}: ${error instanceof Error ? error.message : String(error)}`]
  }
}

/** A batch is settled at most once, and a refunded settlement has exactly one refund that stands. */
function checkStatuses(rows: Settlement[]): string[] {
  const standing = new Set<string>()
  const refunds = new Map<string, number>()
  for (const { originalId, status } of rows) {
    if (originalId === null || status !== 'live') continue
    refunds.set(originalId, (refunds.get(originalId) ?? 0) + 1)
  }
  return rows.flatMap((row) => {
    if (row.originalId !== null) return []
    const count = refunds.get(row.id) ?? 0
    if (count !== (row.status === 'refunded' ? 1 : 0)) {
      return [`settlement ${row.id} is ${row.status} and has ${count} refunds`]
    }
    const batch = `${row.visitId} ${row.batchNo}`
    if (row.status !== 'live') return []
    if (standing.has(batch)) return [`batch ${batch} is settled twice`]
    standing.add(batch)
    return []
  })
}

/** Each entry is zero in sum; each account of the ledger is what the live settlements make it. */
function checkLedger(store: Store, rows: Settlement[]): string[] {
  const lopsided = store
    .all('select entry_no from ledger_line group by entry_no having sum(amount_fen) <> 0')
    .map((row) => `entry ${integerOf(row, 'entry_no')} does not add up to zero`)
  const expected = new Map<string, Fen>()
  for (const row of rows.filter(takesEffect)) {
    for (const [account, amount] of linesOf(row)) {
      expected.set(account, addFen(expected.get(account) ?? ZERO, amount))
    }
  }
  const sums = store.all('select account, sum(amount_fen) as fen from ledger_line group by account')
  const booked = new Map(sums.map((row) => [textOf(row, 'account'), integerOf(row, 'fen')]))
  const differing = [...new Set([...expected.keys(), ...booked.keys()])].flatMap((account) => {
    const [has, right] = [booked.get(account) ?? 0, expected.get(account) ?? 0]
    return has === right ? [] : [`ledger has ${has} for ${account}, settlements ${right}`]
  })
  return [...lopsided, ...differing]
}

function checkAccounts(store: Store, rows: Settlement[]): string[] {
  const used = sumBy(
    rows,
    (row) => row.personNo,
    (row) => row.figures.accountFen,
  )
  return store.all('select * from account').flatMap((row) => {
    const personNo = textOf(row, 'psn_no')
    const balance = integerOf(row, 'balance_fen')
    const right = integerOf(row, 'opening_fen') - (used.get(personNo) ?? 0)
    return balance === right ? [] : [`account ${personNo} has ${balance} and should have ${right}`]
  })
}

function checkYears(store: Store, rows: Settlement[]): string[] {
  return USE_COLUMNS.flatMap(([name, column]) => {
    const right = sumBy(
      rows,
      (row) => `${row.personNo} ${row.scheme} ${row.businessDate.slice(0, 4)}`,
      (row) => useOf(row.figures)[name],
    )
    return store.all('select * from year_use').flatMap((row) => {
      const key = `${textOf(row, 'psn_no')} ${textOf(row, 'insutype')} ${textOf(row, 'year')}`
      const kept = integerOf(row, column)
      const sum = right.get(key) ?? 0
      return kept === sum ? [] : [`${column} of ${key} is ${kept} and should be ${sum}`]
    })
  })
}

/** Sums over the settlements that take effect: neither refunded nor reversed. */
function sumBy(
  rows: Settlement[],
  keyOf: (row: Settlement) => string,
  amountOf: (row: Settlement) => Fen,
): Map<string, Fen> {
  const sums = new Map<string, Fen>()
  for (const row of rows.filter(takesEffect)) {
    sums.set(keyOf(row), addFen(sums.get(keyOf(row)) ?? ZERO, amountOf(row)))
  }
  return sums
}

const takesEffect = (row: Settlement) => row.originalId === null && row.status === 'live'

const ACCOUNT_FUND = '310200'

const USE_COLUMNS = [
  ['deductibleFen', 'deductible_fen'],
  ['coveredFen', 'covered_fen'],
  ['poolFen', 'pool_fen'],
  ['largeFen', 'large_fen'],
  ['burdenFen', 'burden_fen'],
  ['illnessFen', 'illness_fen'],
  ['stayCoveredFen', 'stay_covered_fen'],
] as const

const toYearUse = (row: Row): YearUse =>
  Object.fromEntries(
    USE_COLUMNS.map(([name, column]) => [name, fen(integerOf(row, column))]),
  ) as YearUse
