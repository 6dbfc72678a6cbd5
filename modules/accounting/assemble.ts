import { assert } from '../../kernel/assert.ts'
import { addFen, allocateFen, type Fen, ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { DatedTransfer } from '../ledger/index.ts'
import {
  type AccountRule,
  filled,
  partsBy,
  type TemplateTerms,
  type TransferRule,
} from './template.ts'

export type Book = 'financial' | 'budget'
export type Aux = Record<string, string>

/** What part of the income of an entry is of which category and department; weights in any unit. */
export type IncomePart = { category: string; department: string | null; weightFen: Fen }

/** A transfer, and of whose income it is; null where nobody knows. */
export type Fact = DatedTransfer & { income: readonly IncomePart[] | null }

export type FindingCode =
  | 'account_unmapped'
  | 'transfer_unruled'
  | 'category_unmapped'
  | 'category_unknown'

/** Why transfers have no place in a voucher, those of one reason together. */
export type Finding = {
  code: FindingCode
  /** The account, the two accounts, or the category. */
  about: string
  count: number
  amountFen: Fen
  /** One of them, to look at. */
  example: string
}

export type VoucherLine = {
  subject: string
  aux: Aux
  summary: string
  debitFen: Fen
  creditFen: Fen
}

/** Numbers of lines, from 1; null where the rule leaves a book out. */
export type Source = {
  transfer: DatedTransfer
  partNo: number
  amountFen: Fen
  financial: { debit: number; credit: number } | null
  budget: { debit: number; credit: number } | null
}

export type VoucherDraft = {
  type: string
  financial: VoucherLine[]
  budget: VoucherLine[]
  sources: Source[]
}

export type Assembled = {
  findings: Finding[]
  vouchers: VoucherDraft[]
  /** Transfers that a rule leaves out of all books. */
  leftOut: DatedTransfer[]
}

/**
 * Makes the vouchers of a date, one for each type. Pure, and the same for the same transfers in whatever order. Both books
 * of each voucher are balanced, as every amount goes to a debit and a credit line at once. With a finding there is no voucher.
 */
export function assemble(
  template: TemplateTerms,
  date: BusinessDate,
  facts: readonly Fact[],
): Assembled {
  const findings = new Map<string, Finding>()
  const placed: Placed[] = []
  const leftOut: DatedTransfer[] = []
  const lookup = createLookup(template)
  for (const fact of facts.toSorted(inOrder)) {
    const place = placeOf({ template, date, lookup }, fact)
    if ('code' in place) addFinding(findings, place, fact)
    else if (place.parts.length === 0) leftOut.push(fact)
    else placed.push(place)
  }
  if (findings.size > 0) return { findings: [...findings.values()], vouchers: [], leftOut: [] }
  const types = [...new Set(placed.map(({ type }) => type))].toSorted()
  return { findings: [], vouchers: types.map((type) => voucherOf(type, placed)), leftOut }
}

type Placed = { fact: Fact; type: string; parts: PlacedPart[] }
type PlacedPart = { amountFen: Fen; financial: Pair | null; budget: Pair | null }
type Pair = { debit: Spot; credit: Spot }
type Spot = { subject: string; aux: Aux; summary: string; apart: string }
type Missing = { code: FindingCode; about: string }
type By = { template: TemplateTerms; date: BusinessDate; lookup: Lookup }

function placeOf({ template, date, lookup }: By, fact: Fact): Placed | Missing {
  const { debitAccount, creditAccount } = fact
  const found = lookup.rule(fact)
  if (!found) return { code: 'transfer_unruled', about: `${debitAccount} ${creditAccount}` }
  const { rule } = found
  const names = { ...found.parts, date, about: fact.subject }
  const summary = filled(rule.summary, names).slice(0, MOST_SUMMARY)
  const apart = rule.level === 'subject' ? fact.subject : ''
  const debit = lookup.account(debitAccount)
  const credit = lookup.account(creditAccount)
  if (rule.isFinancial && !debit) return { code: 'account_unmapped', about: debitAccount }
  if (rule.isFinancial && !credit) return { code: 'account_unmapped', about: creditAccount }
  const shares = sharesOf(
    template,
    fact,
    Boolean(debit?.rule.byCategory || credit?.rule.byCategory),
  )
  if ('code' in shares) return shares
  const spot = (mapped: Mapped, { subject, aux }: Share): Spot =>
    mapped.rule.byCategory
      ? {
          subject: subject ?? mapped.rule.subject,
          aux: { ...auxOf(mapped), ...aux },
          summary,
          apart,
        }
      : { subject: mapped.rule.subject, aux: auxOf(mapped), summary, apart }
  const side = ({ subject, aux }: { subject: string; aux: Aux }): Spot => {
    const named = Object.entries(aux).map(([name, text]) => [name, filled(text, names)])
    return { subject, aux: Object.fromEntries(named) as Aux, summary, apart }
  }
  const { budget } = rule
  const parts = shares.list.map((share): PlacedPart => ({
    amountFen: share.amountFen,
    financial:
      rule.isFinancial && debit && credit
        ? { debit: spot(debit, share), credit: spot(credit, share) }
        : null,
    budget: budget && { debit: side(budget.debit), credit: side(budget.credit) },
  }))
  const isLeftOut = !rule.isFinancial && !budget
  return { fact, type: rule.type, parts: isLeftOut ? [] : parts }
}

const MOST_SUMMARY = 200

type Mapped = { rule: AccountRule; parts: Record<string, string> }
type Share = { amountFen: Fen; subject: string | null; aux: Aux }

/** Finds what fits, once for each pair of accounts: a day has many transfers, and few accounts. */
function createLookup(template: TemplateTerms): Lookup {
  const rules = new Map<string, Ruled[]>()
  const accounts = new Map<string, Mapped | null>()
  const rulesFor = (debitAccount: string, creditAccount: string): Ruled[] =>
    template.rules.flatMap((rule) => {
      const debit = partsBy(rule.debit, debitAccount)
      const credit = debit && partsBy(rule.credit, creditAccount)
      return debit && credit ? [{ rule, parts: { ...debit, ...credit } }] : []
    })
  return {
    rule({ debitAccount, creditAccount, cause }) {
      const key = `${debitAccount} ${creditAccount}`
      const known = rules.get(key) ?? rulesFor(debitAccount, creditAccount)
      rules.set(key, known)
      return known.find(({ rule }) => cause.startsWith(rule.causeBegins)) ?? null
    },
    account(code) {
      const known = accounts.get(code)
      if (known !== undefined) return known
      const found = accountOf(template, code)
      accounts.set(code, found)
      return found
    },
  }
}

type Lookup = {
  rule: (transfer: DatedTransfer) => Ruled | null
  account: (code: string) => Mapped | null
}
type Ruled = { rule: TransferRule; parts: Record<string, string> }

function accountOf({ accounts }: TemplateTerms, code: string): Mapped | null {
  for (const rule of accounts) {
    const parts = partsBy(rule.account, code)
    if (parts) return { rule, parts }
  }
  return null
}

const auxOf = ({ rule, parts }: Mapped): Aux =>
  Object.fromEntries(Object.entries(rule.aux).map(([name, text]) => [name, filled(text, parts)]))

/** An amount by categories, to the fen; whole where no account goes by them. */
function sharesOf(
  template: TemplateTerms,
  { amountFen, income, subject }: Fact,
  byCategory: boolean,
): { list: Share[] } | Missing {
  if (!byCategory) return { list: [{ amountFen, subject: null, aux: {} }] }
  const { categories, unknownCategory } = template
  const known = income && income.some(({ weightFen }) => weightFen > 0) ? income : null
  if (!known && unknownCategory === null) return { code: 'category_unknown', about: subject }
  const parts = known ?? [
    { category: unknownCategory ?? '', department: null, weightFen: amountFen },
  ]
  const unmapped = parts.find(({ category }) => categories[category] === undefined)
  if (unmapped) return { code: 'category_unmapped', about: unmapped.category }
  const amounts = allocateFen(
    amountFen,
    parts.map(({ weightFen }) => weightFen),
  )
  const list = parts.map(({ category, department }, i) => ({
    amountFen: amounts[i] ?? ZERO,
    subject: categories[category] ?? null,
    aux: department === null ? {} : { department },
  }))
  return { list: list.filter((share) => share.amountFen > 0) }
}

function addFinding(findings: Map<string, Finding>, { code, about }: Missing, fact: Fact): void {
  // What is unknown of each payment by itself is one finding, with one of them to look at.
  const named = code === 'category_unknown' ? '' : about
  const key = `${code} ${named}`
  const known = findings.get(key)
  findings.set(key, {
    code,
    about: named,
    count: (known?.count ?? 0) + 1,
    amountFen: addFen(known?.amountFen ?? ZERO, fact.amountFen),
    example: known?.example ?? fact.cause,
  })
}

function voucherOf(type: string, all: readonly Placed[]): VoucherDraft {
  const placed = all.filter((one) => one.type === type)
  const parts = placed.flatMap((one) => one.parts)
  const financial = linesOf(parts.flatMap((part) => halves(part.financial, part.amountFen)))
  const budget = linesOf(parts.flatMap((part) => halves(part.budget, part.amountFen)))
  const sources = placed.flatMap(({ fact, parts: ofFact }) =>
    ofFact.map((part, i): Source => ({
      transfer: fact,
      partNo: i + 1,
      amountFen: part.amountFen,
      financial: part.financial && numbersOf(financial.numbers, part.financial),
      budget: part.budget && numbersOf(budget.numbers, part.budget),
    })),
  )
  return { type, financial: financial.lines, budget: budget.lines, sources }
}

type Half = { key: string; spot: Spot; isDebit: boolean; amountFen: Fen }

const halves = (pair: Pair | null, amountFen: Fen): Half[] =>
  pair === null
    ? []
    : [
        { key: keyOf(pair.debit, true), spot: pair.debit, isDebit: true, amountFen },
        { key: keyOf(pair.credit, false), spot: pair.credit, isDebit: false, amountFen },
      ]

/** Debits first, then by subject and whatever sets lines of it apart. */
const keyOf = ({ subject, aux, summary, apart }: Spot, isDebit: boolean): string =>
  JSON.stringify([isDebit ? 0 : 1, subject, Object.entries(aux).toSorted(byName), summary, apart])

function linesOf(all: readonly Half[]): { lines: VoucherLine[]; numbers: Map<string, number> } {
  const sums = new Map<string, Half>()
  for (const half of all) {
    const amountFen = addFen(sums.get(half.key)?.amountFen ?? ZERO, half.amountFen)
    sums.set(half.key, { ...half, amountFen })
  }
  const sorted = [...sums.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const lines = sorted.map(({ spot: { subject, aux, summary }, isDebit, amountFen }) => ({
    subject,
    aux: Object.fromEntries(Object.entries(aux).toSorted(byName)),
    summary,
    debitFen: isDebit ? amountFen : ZERO,
    creditFen: isDebit ? ZERO : amountFen,
  }))
  return { lines, numbers: new Map(sorted.map(({ key }, i) => [key, i + 1])) }
}

function numbersOf(numbers: ReadonlyMap<string, number>, pair: Pair) {
  const debit = numbers.get(keyOf(pair.debit, true))
  const credit = numbers.get(keyOf(pair.credit, false))
  assert(debit && credit, 'lines are made of what is in them')
  return { debit, credit }
}

const byName = ([a]: [string, string], [b]: [string, string]) => (a < b ? -1 : Number(a > b))

const inOrder = (a: DatedTransfer, b: DatedTransfer) =>
  a.entryId === b.entryId ? a.lineNo - b.lineNo : a.entryId < b.entryId ? -1 : 1

/** True when an account of the transfer goes by categories. */
export const needsIncome = (
  template: TemplateTerms,
  { debitAccount, creditAccount }: DatedTransfer,
): boolean =>
  [debitAccount, creditAccount].some((code) => accountOf(template, code)?.rule.byCategory === true)
