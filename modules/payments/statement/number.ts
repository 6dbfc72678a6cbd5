import { timingSafeEqual } from 'node:crypto'

import { type Fen, fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDate, isBusinessDate, SECOND_MS } from '../../../kernel/time.ts'

/** What a statement's number says by itself, to whoever is asked to believe the paper. */
export type StatementFacts = {
  from: BusinessDate
  to: BusinessDate
  /** Whole seconds. */
  generatedAt: Date
  paidFen: Fen
  netFen: Fen
  selfPaidFen: Fen
  /** The first and the last sign of the identity number, as the paper shows them; a number from before has none. */
  idEnds?: string
}

/** A keyed digest of a text, in hex. Handed in: only the hub has the key. */
export type Digest = (text: string) => string

/**
 * '20260101-20261231-1795312200-123456-120000-28500': the period, the second it was made in, what was paid, what
 * stays paid and what of that the person bore, in fen; M before an amount says minus. Digits alone, so that it can
 * be typed from paper, and all that was vouched for, so that nothing need be kept. The signs of the identity number come
 * last, '-3X'; of a statement with them the code vouches for the name too.
 */
export const statementNoOf = (facts: StatementFacts): string =>
  [
    facts.from.replaceAll('-', ''),
    facts.to.replaceAll('-', ''),
    String(facts.generatedAt.getTime() / SECOND_MS),
    ...[facts.paidFen, facts.netFen, facts.selfPaidFen].map(writeFen),
    ...(facts.idEnds === undefined ? [] : [facts.idEnds]),
  ].join('-')

/** Null for anything that statementNoOf does not write. */
export function readStatementNo(statementNo: string): StatementFacts | null {
  const [, from = '', to = '', seconds = '', ...rest] = SHAPE.exec(statementNo) ?? []
  const [first, last] = [readDay(from), readDay(to)]
  const [paidFen, netFen, selfPaidFen] = rest.slice(0, 3).map((amount) => readFen(amount))
  const idEnds = rest[3]
  if (!first || !last) return null
  if (paidFen === undefined || netFen === undefined || selfPaidFen === undefined) return null
  const generatedAt = new Date(Number(seconds) * SECOND_MS)
  const facts = { from: first, to: last, generatedAt, paidFen, netFen, selfPaidFen }
  return idEnds === undefined ? facts : { ...facts, idEnds }
}

const SHAPE = /^(\d{8})-(\d{8})-(\d{1,10})-(M?\d{1,16})-(M?\d{1,16})-(M?\d{1,16})(?:-(\d[\dX]))?$/

const CODE_HEX_DIGITS = 16 // 64 bits: nobody guesses it by asking

/** 'A1B2-C3D4-E5F6-0718': shows that the hub made the number, and for whom. A number from before says nothing of whom. */
export function checkCodeOf(digest: Digest, statementNo: string, name: string): string {
  const isNamed = readStatementNo(statementNo)?.idEnds !== undefined
  const text = isNamed ? `${statementNo}\n${plainName(name)}` : statementNo
  const digits = digest(text).slice(0, CODE_HEX_DIGITS).toUpperCase()
  return (digits.match(/.{4}/g) ?? []).join('-')
}

/** Whether the code is the number's own and of this name, written in small letters, with spaces or without hyphens too. */
export function isCheckCode(
  digest: Digest,
  statementNo: string,
  { code, name }: { code: string; name: string },
): boolean {
  const plain = (text: string) => Buffer.from(text.replaceAll(/[\s-]/g, '').toUpperCase())
  const [given, right] = [plain(code), plain(checkCodeOf(digest, statementNo, name))]
  return given.length === right.length && timingSafeEqual(given, right)
}

/** As it is typed from paper: without spaces, wide letters as narrow ones, either dot. */
const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/[\s·•・‧.]/g, '')
    .toUpperCase()

const writeFen = (amount: Fen): string => (amount < 0 ? `M${0 - amount}` : String(amount))

function readFen(text: string): Fen | undefined {
  const amount = Number(text.replace('M', ''))
  if (!Number.isSafeInteger(amount)) return undefined
  return fen(text.startsWith('M') ? 0 - amount : amount)
}

function readDay(digits: string): BusinessDate | null {
  const day = digits.replace(/^(....)(..)(..)$/, '$1-$2-$3')
  return isBusinessDate(day) ? businessDate(day) : null
}
