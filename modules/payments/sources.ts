import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, subtractFen, ZERO } from '../../kernel/money.ts'
import type { Exchange } from '../../platform/exchange.ts'
import type { Payable } from './bill-desk.ts'
import type { OnError } from './dependencies.ts'
import { totalOf } from './money.ts'
import type { PaymentId, PersonId } from './payment.ts'
import {
  type FundingSource,
  type LeftToPay,
  type Phase,
  type Provider,
  type QuoteAnswer,
  SOURCE_PLACES,
} from './provider.ts'

/** What a source said it will pay. */
export type SourceQuote = { provider: string; phase: Exclude<Phase, 'payer'>; answer: QuoteAnswer }

/**
 * Asks all sources of a hospital at once. Each is told what those before it leave, and none is waited for longer than
 * `deadlineMs`, in real time: the plan goes on without it and says so.
 */
export async function askSources(
  providers: ReadonlyMap<string, Provider>,
  wish: SourcesWish,
  { deadlineMs, onError }: { deadlineMs: number; onError?: OnError | undefined },
): Promise<{ quotes: SourceQuote[]; exchanges: Exchange[] }> {
  const exchanges: Exchange[] = []
  const asked: Promise<SourceQuote>[] = []
  let left = Promise.resolve(allOf(wish.payables))
  for (const source of sourcesInOrder(providers)) {
    const quote = quoteOf(source, { wish, left, deadlineMs, exchanges, onError })
    asked.push(quote)
    left = Promise.all([left, quote]).then(([before, answered]) =>
      leftAfter(before, source, answered),
    )
  }
  return { quotes: await Promise.all(asked), exchanges }
}

export type SourcesWish = {
  hospitalId: HospitalId
  paymentId: PaymentId
  personId: PersonId
  payables: readonly Payable[]
  useAccount: boolean
  /** What the payer said of sources, by name: to be used or not. */
  sources?: Readonly<Record<string, boolean>> | undefined
}

const sourcesInOrder = (providers: ReadonlyMap<string, Provider>): FundingSource[] =>
  [...providers.values()]
    .filter((provider): provider is FundingSource => 'quote' in provider)
    .toSorted((a, b) => SOURCE_PLACES.indexOf(a.place) - SOURCE_PLACES.indexOf(b.place))

async function quoteOf(
  source: FundingSource,
  { wish, left, deadlineMs, exchanges, onError }: Asking,
): Promise<SourceQuote> {
  const { sources, ...about } = wish
  const wanted = sources?.[source.name] ?? null
  const { name: provider, phase } = source
  if (wanted === false) return { provider, phase, answer: notWanted() }
  const call = { hospitalId: wish.hospitalId, trace: (e: Exchange) => void exchanges.push(e) }
  const answer = await Promise.race([
    source.quote(call, { ...about, wanted, left }).catch((error: unknown) => {
      onError?.(error, { hospitalId: wish.hospitalId, subject: `quote:${provider}` })
      return failed()
    }),
    tooSlow(left, deadlineMs),
  ])
  return { provider, phase, answer }
}

// A source with a deadline of its own says better than we do why nothing came.
const GRACE_MS = 200
// For a source that can only begin once it knows what is left.
const LEAST_OWN_TIME_MS = 500

async function tooSlow(left: Promise<LeftToPay>, deadlineMs: number): Promise<QuoteAnswer> {
  await Promise.all([elapsed(deadlineMs + GRACE_MS), left.then(() => elapsed(LEAST_OWN_TIME_MS))])
  return { outcome: 'not_available', code: 'too_slow', reason: 'it has not answered in time' }
}

/** Real time, as it bounds a wait for others and no business. */
const elapsed = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    AbortSignal.timeout(ms).addEventListener('abort', () => resolve(), { once: true })
  })

// What fails on our side is told to the operators; the plan goes on without it.
const failed = (): QuoteAnswer => ({
  outcome: 'not_available',
  code: 'source_failed',
  reason: 'it could not be asked',
})

const notWanted = (): QuoteAnswer => ({
  outcome: 'not_available',
  code: 'not_wanted',
  reason: 'the payer does not want it',
})

const allOf = (payables: readonly Payable[]): LeftToPay => ({
  leftFen: addFen(...payables.map(({ totalFen }) => totalFen)),
  paid: [],
})

function leftAfter(before: LeftToPay, { place }: FundingSource, quote: SourceQuote): LeftToPay {
  const amountFen = acceptedFen(before.leftFen, quote.answer)
  if (amountFen === 0 || quote.answer.outcome !== 'quoted') return before
  const { parts } = quote.answer
  return {
    leftFen: subtractFen(before.leftFen, amountFen),
    paid: [...before.paid, { provider: quote.provider, place, parts }],
  }
}

/** How much of an offer the plan takes: all of it, or nothing of one that is more than is owed and so has misunderstood the bill. */
export function acceptedFen(leftFen: Fen, answer: QuoteAnswer): Fen {
  if (answer.outcome !== 'quoted') return ZERO
  const amountFen = totalOf(answer.parts)
  return amountFen > 0 && amountFen <= leftFen ? amountFen : ZERO
}

type Asking = {
  wish: SourcesWish
  left: Promise<LeftToPay>
  deadlineMs: number
  exchanges: Exchange[]
  onError: OnError | undefined
}
