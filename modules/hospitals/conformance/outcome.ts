import type { HisAnswer, HisRefusal, HisRefusalDetail } from '../interface/data.ts'
import type { OperationName } from '../interface/operations.ts'

// How a check ends other than well, and what it says of an answer.

export type Words = { zh: string; en: string }

/** The implementation does not do what the page says. */
export class CheckFailure extends Error {
  readonly what: string
  readonly expected: string
  readonly found: string

  constructor(what: string, expected: string, found: string) {
    super(`${what}: ${expected}`)
    this.what = what
    this.expected = expected
    this.found = found
  }
}

/** There is nothing to try: an operation is not offered, or the sandbox has nothing to try it on. */
export class NotTried extends Error {
  readonly reason: Words
  /** Set where an operation is not offered. */
  readonly notOffered: OperationName | null

  constructor(reason: Words, notOffered: OperationName | null = null) {
    super(reason.en)
    this.reason = reason
    this.notOffered = notOffered
  }
}

/** What a check stands on is not there, as another operation did not answer; that one's own check tells why. */
export class NotPrepared extends Error {
  readonly operation: OperationName
  readonly found: string

  constructor(operation: OperationName, found: string) {
    super(`${operation}: ${found}`)
    this.operation = operation
    this.found = found
  }
}

const notOffered = (operation: OperationName): NotTried =>
  new NotTried({ zh: `未提供 ${operation}`, en: `${operation} is not offered` }, operation)

/** The data of an answer that must be OK. */
export function okOf<T>(operation: OperationName, answer: HisAnswer<T>, what: string): T {
  if (answer.outcome === 'ok') return answer.data
  if (isNotOffered(answer)) throw notOffered(operation)
  throw new CheckFailure(what, 'OK', wordsOf(answer))
}

/** The same of an answer that a check only stands on. */
export function prepared<T>(operation: OperationName, answer: HisAnswer<T>): T {
  if (answer.outcome === 'ok') return answer.data
  if (isNotOffered(answer)) throw notOffered(operation)
  throw new NotPrepared(operation, wordsOf(answer))
}

/** What a refusal says besides its code, which must be one of these. */
export function refusedOf<T>(
  operation: OperationName,
  answer: HisAnswer<T>,
  codes: readonly HisRefusal[],
  what: string,
): HisRefusalDetail {
  if (isNotOffered(answer)) throw notOffered(operation)
  if (answer.outcome === 'refused' && codes.includes(answer.code)) return answer.detail
  throw new CheckFailure(what, codes.map(wireCode).join(' / '), wordsOf(answer))
}

export function expectSame(what: string, found: unknown, expected: unknown): void {
  const [foundText, expectedText] = [inWords(found), inWords(expected)]
  if (foundText !== expectedText) throw new CheckFailure(what, expectedText, foundText)
}

export function expectThat(isSo: boolean, what: string, expected: string, found: unknown): void {
  if (!isSo) throw new CheckFailure(what, expected, inWords(found))
}

/** An answer in one line, in the words of the page. */
export function wordsOf<T>(answer: HisAnswer<T>): string {
  switch (answer.outcome) {
    case 'ok':
      return 'OK'
    case 'refused':
      return `${wireCode(answer.code)} ${inWords(answer.detail)}`
    case 'unknown':
      return `unknown: ${answer.reason}`
  }
}

const wireCode = (code: HisRefusal): string => code.toUpperCase()

const isNotOffered = <T>(answer: HisAnswer<T>): boolean =>
  answer.outcome === 'refused' && answer.code === 'not_supported'

const MAX_WORDS = 600

const inWords = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))).slice(0, MAX_WORDS)
