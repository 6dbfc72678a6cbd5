import { createHash } from 'node:crypto'

import { assert } from '../../../kernel/assert.ts'
import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import { STANDARD_TEMPLATE } from '../../../modules/accounting/standard-template.ts'
import { partsBy } from '../../../modules/accounting/template.ts'
import { type DatedTransfer, journalOfDate } from '../../../modules/ledger/index.ts'
import { inHospital } from '../../../platform/db.ts'
import type { Month } from './month.ts'
import { FIRST } from './persons.ts'

const AT_ONCE = 1_000

/** By subject, what the vouchers of a date come to, and what the ledger moved on it; debits above zero. */
export async function voucherSums(month: Month, date: BusinessDate) {
  const { hospitalId, office } = month.hub
  const { accounting } = office
  const [vouchers, ledger] = [new Map<string, number>(), new Map<string, number>()]
  const unbalanced: string[] = []
  const made = await accounting.vouchers(hospitalId, { from: date, to: date })
  for (const voucher of made.vouchers) {
    for (const book of ['financial', 'budget'] as const) {
      const page = { book, after: 0, limit: AT_ONCE }
      const { lines } = await accounting.voucherLines({ hospitalId, id: voucher.id }, page)
      assert(lines.length < AT_ONCE, 'they are all on one page')
      let leftFen = 0
      for (const { subject, debit_fen, credit_fen } of lines) {
        leftFen += debit_fen - credit_fen
        if (book === 'financial') add(vouchers, wholeSubject(subject), debit_fen - credit_fen)
      }
      if (leftFen !== 0) unbalanced.push(`${date} ${voucher.type} ${voucher.no} ${book}`)
    }
  }
  for (const { debitAccount, creditAccount, amountFen } of await journalOf(month, date)) {
    add(ledger, subjectOf(debitAccount), amountFen)
    add(ledger, subjectOf(creditAccount), 0 - amountFen)
  }
  return { vouchers: withoutZero(vouchers), ledger: withoutZero(ledger), unbalanced }
}

async function journalOf({ hub }: Month, date: BusinessDate): Promise<DatedTransfer[]> {
  const all: DatedTransfer[] = []
  for (let after: DatedTransfer | null = null; ;) {
    const from = after
    const page: DatedTransfer[] = await inHospital(hub.db, hub.hospitalId, (tx) =>
      journalOfDate(tx, hub.hospitalId, date, { after: from, limit: AT_ONCE }),
    )
    all.push(...page)
    after = page.at(-1) ?? null
    if (!after || page.length < AT_ONCE) return all
  }
}

/** Each run of days that have their vouchers, handed over in a layout; what the file holds by voucher, summed anew. */
export async function handOver(month: Month, days: readonly BusinessDate[], layout: string) {
  const { hospitalId, office } = month.hub
  const files: { range: Range; vouchers: number; bytes: Buffer }[] = []
  for (const range of runsOf(days)) {
    const wish = { ...range, layout, onlyUnacknowledged: false }
    const made = await office.accounting.makeExport(hospitalId, wish, FIRST)
    const again = await office.accounting.makeExport(hospitalId, wish, FIRST)
    assert(again.id === made.id, 'the same vouchers are the same export')
    const { bytes } = await office.accounting.exportFile({ hospitalId, id: made.id })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    assert(sha256 === made.digest, 'the file is what was recorded')
    files.push({ range, vouchers: made.voucher_ids.length, bytes })
  }
  return files
}

type Range = { from: BusinessDate; to: BusinessDate }

/** Days one after the other, at most a month of them. */
function runsOf(days: readonly BusinessDate[]): Range[] {
  const runs: Range[] = []
  let length = 0
  for (const date of days) {
    const run = runs.at(-1)
    if (run && addDays(run.to, 1) === date && length < 31) run.to = date
    else {
      runs.push({ from: date, to: date })
      length = 0
    }
    length += 1
  }
  return runs
}

const subjectOf = (code: string): string => {
  const rule = STANDARD_TEMPLATE.accounts.find(({ account }) => partsBy(account, code))
  assert(rule, `the template has a subject for ${code}`)
  return wholeSubject(rule.subject)
}

/** Income is split by what was charged for; together it is one subject. */
const wholeSubject = (subject: string) => (subject.startsWith('4101.') ? '4101' : subject)

const add = (sums: Map<string, number>, subject: string, amountFen: number) =>
  void sums.set(subject, (sums.get(subject) ?? 0) + amountFen)

const withoutZero = (sums: ReadonlyMap<string, number>) =>
  Object.fromEntries([...sums].filter(([, sum]) => sum !== 0))
