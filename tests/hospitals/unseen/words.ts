import {
  type Field,
  text,
  wallClock,
  yuanAmount,
} from '../../../apps/simulators/his/faces/fields.ts'
import type { Answer, TenderKind } from '../../../apps/simulators/his/protocol.ts'
import { type BusinessDate, instantAt, isBusinessDate } from '../../../kernel/time.ts'
import { rowsOf } from './wire.ts'

// The words of vendor-document.md: its codes, its days and times, and its lists of tenders.

export const CODES: Readonly<Record<string, string>> = {
  OK: '0000',
  SYSTEM_BUSY: '9001',
  INVALID_REQUEST: '1001',
  PATIENT_NOT_FOUND: '1101',
  IDENTITY_INVALID: '1102',
  BILL_NOT_FOUND: '2101',
  AMOUNT_MISMATCH: '2102',
  BILL_ALREADY_PAID: '2103',
  BILL_VOID: '2104',
  BILL_CHANGED: '2105',
  DUPLICATE_DIFFERENT: '2106',
  REFUND_NOT_ALLOWED: '2107',
}

export const WAYS: Readonly<Record<TenderKind, string>> = {
  pooled: '01',
  account: '02',
  self_pay: '03',
  commercial: '04',
  subsidy: '05',
  voucher: '06',
  package: '07',
  deposit: '08',
  credit: '09',
}

const field = <T>(what: string, read: (value: string) => T | undefined): Field<T> => ({
  what,
  isOptional: false,
  read: (value) => (typeof value === 'string' ? read(value) : undefined),
})

export const number = text(40)
export const page = field('a page from 1 on', (value) =>
  /^[1-9]\d{0,3}$/.test(value) ? Number(value) : undefined,
)
export const count = field('a whole number', (value) =>
  /^\d{1,6}$/.test(value) ? Number(value) : undefined,
)

/** '20261123'. */
export const day = field('a day like 20261123', (value) => dayOf(value))

/** '20261123 093000', by the clock of Beijing. */
export const moment = field('a moment like 20261123 093000', (value) => {
  const [, date = '', h = '', m = '', s = ''] =
    /^(\d{8}) ([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(value) ?? []
  const known = dayOf(date)
  return known && instantAt(known, `${h}:${m}:${s}`)
})

function dayOf(value: string): BusinessDate | undefined {
  const date = value.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')
  return isBusinessDate(date) ? date : undefined
}

/** '1,3,5'. */
export const numbers = field('numbers with commas between them', (value) =>
  /^\d{1,3}(,\d{1,3})*$/.test(value) ? value.split(',').map(Number) : undefined,
)

type Tender = { kind: TenderKind; amountFen: number; tradeNo: string }

/** Rows of a way, an amount and, for a payment, the number of the trade. */
export const tenders = field('a list of ways and amounts', (value) => {
  const read = rowsOf(value).map(([way, amount = '', tradeNo = '']): Tender | undefined => {
    const [kind] = KINDS.find(([, code]) => code === way) ?? []
    const amountFen = yuanAmount.read(amount)
    return kind && amountFen !== undefined ? { kind, amountFen, tradeNo } : undefined
  })
  const known = read.filter((tender) => tender !== undefined)
  return known.length === read.length ? known : undefined
})

const KINDS = Object.entries(WAYS) as [TenderKind, string][]

/** '20261123 093000' of an instant. */
export const clockText = (instant: string | Date): string =>
  wallClock(instant).replaceAll(/[-:]/g, '')

/** What a refusal tells besides its code, in the vendor's words. */
export function toldOf(
  { data = {} }: Answer,
  yuan: (fen: number) => string,
): Record<string, string> {
  const said = data as {
    paymentNo?: string
    version?: number
    totalFen?: number
    lines?: { lineNo: number }[]
  }
  return {
    ...(said.paymentNo !== undefined && { ZFLSH: said.paymentNo }),
    ...(said.version !== undefined && { XGCS: String(said.version - 1) }),
    ...(said.totalFen !== undefined && { ZJE: yuan(said.totalFen) }),
    ...(said.lines && { MXXH: said.lines.map(({ lineNo }) => lineNo).join(',') }),
  }
}
