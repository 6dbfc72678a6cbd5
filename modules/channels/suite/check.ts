import { AppError } from '../../../kernel/error.ts'
import type { ChannelBench } from './channel-bench.ts'

/** One thing every channel must do, tried on a bench. Words for people in both languages. */
export type ChannelCheck = {
  /** 'refund.partial': the same in every release, so that results can be compared. */
  id: string
  title: Words
  /** What the bench must offer for it. */
  requires: readonly BenchNeed[]
  needs(bench: ChannelBench): boolean
  /** Errors: CheckFailure when the channel does not keep it, NotApplicable when it cannot be tried here. */
  run(bench: ChannelBench): Promise<void>
}

export type Words = { zh: string; en: string }

/** The channel does not do what was expected of it. */
export class CheckFailure extends AppError {
  readonly what: string
  readonly expected: string
  readonly found: string

  constructor(what: string, expected: string, found: string) {
    super('channels.check_failed', 'rejected', { what, expected, found })
    this.what = what
    this.expected = expected
    this.found = found
  }
}

/** Only in the middle of a check it turned out that there is nothing to try. */
export class NotApplicable extends AppError {
  readonly reason: Words

  constructor(reason: Words) {
    super('channels.check_not_applicable', 'rejected', { reason: reason.en })
    this.reason = reason
  }
}

/** `payer_acts`: the charge waits for the payer, who is shown something. `provider`: there is an outside system at all. */
export type BenchNeed =
  | 'pay'
  | 'notices'
  | 'trouble'
  | 'endDay'
  | 'books'
  | 'payer_acts'
  | 'foreignNotices'
  | 'provider'

/** The methods at which the money is taken there and then, with nothing for the payer's screen. */
export const takesAtOnce = ({ method }: ChannelBench): boolean =>
  method === 'barcode' || method === 'card' || method === 'counter'

const NEEDS: Record<BenchNeed, { has(bench: ChannelBench): boolean; lacking: Words }> = {
  pay: {
    has: (bench) => bench.pay !== null || takesAtOnce(bench),
    lacking: { zh: '此环境无法代替付款人付款', en: 'nobody can pay in place of the payer here' },
  },
  notices: {
    has: (bench) => bench.notices !== null,
    lacking: { zh: '该渠道不发通知', en: 'this channel sends no notices' },
  },
  trouble: {
    has: (bench) => bench.trouble !== null,
    lacking: { zh: '此环境无法制造故障', en: 'no trouble can be made here' },
  },
  endDay: {
    has: (bench) => bench.endDay !== null,
    lacking: { zh: '此环境没有可等到的对账单', en: 'there is no statement to wait for here' },
  },
  books: {
    has: (bench) => bench.books !== null,
    lacking: { zh: '看不到对方的账', en: "the provider's books cannot be seen here" },
  },
  payer_acts: {
    has: (bench) => !takesAtOnce(bench),
    lacking: { zh: '该方式当场收款', en: 'this method takes the money at once' },
  },
  foreignNotices: {
    has: (bench) => bench.foreignNotices !== undefined,
    lacking: {
      zh: '此环境没有别家商户的通知',
      en: 'there are no notices of another merchant here',
    },
  },
  provider: {
    has: (bench) => bench.method !== 'counter',
    lacking: { zh: '窗口收款不连外部系统', en: 'a payment at the window asks no outside system' },
  },
}

/** What the bench lacks for a check; null when it can be run. */
export function lackingFor(check: ChannelCheck, bench: ChannelBench): Words | null {
  const need = check.requires.find((name) => !NEEDS[name].has(bench))
  return need === undefined ? null : NEEDS[need].lacking
}

export const defineCheck = (
  id: string,
  title: Words,
  requires: readonly BenchNeed[],
  run: ChannelCheck['run'],
): ChannelCheck => ({
  id,
  title,
  requires,
  needs: (bench) => requires.every((name) => NEEDS[name].has(bench)),
  run,
})

/** Fails with what was found in place of the expected. */
export function expectSame(what: string, found: unknown, expected: unknown): void {
  const [foundText, expectedText] = [inWords(found), inWords(expected)]
  if (foundText !== expectedText) throw new CheckFailure(what, expectedText, foundText)
}

export function expectThat(isSo: boolean, what: string, expected: string, found: unknown): void {
  if (!isSo) throw new CheckFailure(what, expected, inWords(found))
}

/** The answer, known to be one of the allowed. */
export function expectOutcome<
  Answer extends { outcome: string },
  const Name extends Answer['outcome'],
>(what: string, answer: Answer, allowed: readonly Name[]): Extract<Answer, { outcome: Name }> {
  if (!(allowed as readonly string[]).includes(answer.outcome)) {
    throw new CheckFailure(what, allowed.join(' or '), inWords(answer))
  }
  return answer as Extract<Answer, { outcome: Name }>
}

const MAX_WORDS = 400

/** An answer in short, without what the payer's device would get: that may be as good as money. */
function inWords(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, MAX_WORDS)
  const text = JSON.stringify(value, (key, inner: unknown) =>
    key === 'params' || key === 'fields' || key === 'content' ? '…' : inner,
  )
  return (text ?? String(value)).slice(0, MAX_WORDS)
}
