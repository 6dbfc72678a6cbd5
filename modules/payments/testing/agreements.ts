import { fen } from '../../../kernel/money.ts'
import type { Clock } from '../../../kernel/time.ts'
import type {
  AgreementAnswer,
  AgreementOrder,
  Agreements,
  ChargeOrder,
  ProviderCall,
  RevokeAnswer,
  SignAnswer,
} from '../provider.ts'
import { lost, silent, trace, type Trouble } from './trouble.ts'

type Signed = { signNo: string; agreementNo: string; state: 'page' | 'signed' | 'ended'; at: Date }

/** The agreements of a scripted wallet, in its own books: the payer signs and ends them when the test says so. */
export function scriptedAgreements(clock: Clock, name: string) {
  const script: Script = { trouble: null, limitFen: null, suspended: false }
  const books: Books = { clock, name, script, signed: new Map(), asked: [] }
  const change = (to: Signed['state']) => {
    for (const agreement of books.signed.values()) {
      if (agreement.state !== 'ended') Object.assign(agreement, { state: to, at: clock.now() })
    }
  }
  return {
    agreements: agreementsOf(books),
    script,
    asked: books.asked,
    signed: () => [...books.signed.values()],
    /** The payer signs on every page that is open. */
    signAll: () => change('signed'),
    /** The payer ends all of them in the wallet. */
    endAll: () => change('ended'),
    /** Why a charge by agreement is declined; null when it is not. */
    refusalOf: (order: ChargeOrder) => refusalOf(books, order),
  }
}

type Script = {
  trouble: Trouble
  /** What the provider itself lets one payment be. */
  limitFen: number | null
  suspended: boolean
}

type Books = {
  clock: Clock
  name: string
  script: Script
  signed: Map<string, Signed>
  asked: string[]
}

const MOST = { perPaymentFen: fen(50_000), perDayFen: fen(100_000) }

const agreementsOf = (books: Books): Agreements => ({
  most: MOST,
  sign: (call, { signNo }) =>
    answer<SignAnswer>(books, call, 'sign', () => {
      const { signed, clock } = books
      const agreementNo = `A${2026_0000 + signed.size}${signNo.slice(-6)}`
      if (!signed.has(signNo)) {
        signed.set(signNo, { signNo, agreementNo, state: 'page', at: clock.now() })
      }
      const url = `http://wallet.example/sign/${signNo}`
      return { outcome: 'pending', payerAction: { kind: 'page', url } }
    }),
  query: (call, order) => answer(books, call, 'query_agreement', () => stateOf(books, order)),
  revoke: (call, { signNo }) =>
    answer<RevokeAnswer>(books, call, 'revoke', () => {
      const found = books.signed.get(signNo)
      if (found?.state !== 'signed') return { outcome: 'absent' }
      Object.assign(found, { state: 'ended' })
      return { outcome: 'revoked' }
    }),
})

function stateOf({ signed, script }: Books, { signNo }: AgreementOrder): AgreementAnswer {
  const found = signed.get(signNo)
  if (found?.state !== 'signed') return { outcome: 'absent' }
  if (script.suspended) return { outcome: 'suspended' }
  const { agreementNo, at } = found
  return { outcome: 'active', agreementNo, signedAt: at, validUntil: null }
}

function refusalOf({ signed, script }: Books, { payerAccount, amountFen }: ChargeOrder) {
  const found = [...signed.values()].find(({ agreementNo }) => agreementNo === payerAccount)
  if (found?.state !== 'signed') return 'agreement_ended'
  return script.limitFen !== null && amountFen > script.limitFen ? 'agreement_limit' : null
}

async function answer<T extends { outcome: string }>(
  { clock, name, script, asked }: Books,
  call: ProviderCall,
  operation: string,
  work: () => T,
): Promise<T | { outcome: 'unknown'; reason: string }> {
  asked.push(operation)
  if (script.trouble === 'break') throw new Error(`${name} is broken`)
  const said = script.trouble === 'refuse_to_say' ? silent : work()
  const heard = script.trouble === 'lose_answer' ? lost : said
  trace(call, clock, { system: name, operation, outcome: heard.outcome })
  return heard
}
