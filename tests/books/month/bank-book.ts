import { type Fen, fen, toYuanText } from '../../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../../kernel/time.ts'

type BankRow = { ref: string; amountFen: Fen; payer: string; memo: string }

export type BankBook = ReturnType<typeof createBankBook>

/** The hospital's account at its bank, day by day, given out as the CSV of online banking. */
export function createBankBook() {
  const rows = new Map<BusinessDate, BankRow[]>()
  let balanceFen = 0
  return {
    put(date: BusinessDate, row: BankRow): void {
      rows.set(date, [...(rows.get(date) ?? []), row])
    },
    rowsOf: (date: BusinessDate): readonly BankRow[] => rows.get(date) ?? [],
    cameFen: (): Fen =>
      fen([...rows.values()].flat().reduce((sum, { amountFen }) => sum + amountFen, 0)),
    /** To be asked for once each day, in order, as it carries the balance on. The bank's own charge is on every day. */
    statement(date: BusinessDate): Buffer {
      const lines = (rows.get(date) ?? []).map(({ ref, amountFen, payer, memo }, i) => {
        balanceFen += amountFen
        const at = `${date} 0${1 + Math.floor(i / 60)}:${String(i % 60).padStart(2, '0')}:00`
        return `${at},${ref},,"${thousands(amountFen)}","${thousands(balanceFen)}",${payer},${memo},${ref}`
      })
      balanceFen -= CHARGE_FEN
      const charge = `${date} 23:50:00,F${date},${toYuanText(fen(CHARGE_FEN))},,"${thousands(balanceFen)}",,账户管理费,`
      return Buffer.from([HEADER, ...lines, charge, ''].join('\n'))
    },
  }
}

const HEADER = '交易时间,交易流水号,借方发生额,贷方发生额,账户余额,对方账号,摘要,附言'
const CHARGE_FEN = 100

function thousands(amountFen: number): string {
  const [whole = '', part = ''] = toYuanText(fen(amountFen)).split('.')
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${part}`
}

/** The days on which those who pay out do so, by a calendar of their own. */
export function createPayDays(daysOff: readonly string[], workdays: readonly string[]) {
  const isWorked = (date: BusinessDate) => {
    if (workdays.includes(date)) return true
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
    return weekday > 0 && weekday < 6 && !daysOff.includes(date)
  }
  return {
    isWorked,
    /** The n-th worked day after a date. */
    after(date: BusinessDate, count: number): BusinessDate {
      let day = date
      for (let left = count; left > 0;) {
        day = addDays(day, 1)
        if (isWorked(day)) left--
      }
      return day
    },
  }
}
