import { type Random, randomBelow } from '../../../kernel/random.ts'
import {
  type BusinessDate,
  businessDateOf,
  type Clock,
  toShanghaiText,
} from '../../../kernel/time.ts'
import type { CentreAnswer, CentreCall } from '../../../modules/insurance/index.ts'
import type { NationalInsuranceParams } from './params.ts'
import type { Profile } from './profile.ts'
import type { Exchange, Transaction } from './transport.ts'
import { fieldsOf, textOf } from './wire.ts'

export type Session = {
  ask: Ask
  signIn: SignIn
  signOut: (call: CentreCall) => Promise<CentreAnswer>
}

/** Sends a transaction under the day's sign_no; signs in first when there is none. */
export type Ask = <T>(call: CentreCall, transaction: Transaction<T>) => Promise<CentreAnswer<T>>
export type SignIn = (call: CentreCall) => Promise<CentreAnswer<{ signNo: string }>>

/**
 * 9001 once a day, and again when the centre says that the session is over.
 *
 * A refused sign-in is 'unknown' to what was to be asked: the centre has said nothing about it. The same
 * goes for a transaction that is refused for want of a session also after a fresh sign-in.
 */
export function createSession(
  exchange: Exchange,
  params: NationalInsuranceParams,
  { profile, clock, random }: { profile: Profile; clock: Clock; random: Random },
): Session {
  let session: { day: BusinessDate; signNo: string } | null = null
  return { ask, signIn, signOut }

  async function ask<T>(call: CentreCall, transaction: Transaction<T>): Promise<CentreAnswer<T>> {
    for (let isRepeat = false; ; isRepeat = true) {
      const signed = await signedIn(call)
      if (signed.outcome !== 'ok') return notSignedIn(signed)
      const answer = await exchange(call, transaction, signed.data.signNo)
      if (!isForWantOfSession(answer)) return answer
      session = null
      if (isRepeat) return notSignedIn(answer)
    }
  }

  async function signedIn(call: CentreCall): Promise<CentreAnswer<{ signNo: string }>> {
    const today = businessDateOf(clock.now())
    if (session?.day === today) return { outcome: 'ok', data: session }
    return signIn({ ...call, msgid: ownMsgid() })
  }

  async function signIn(call: CentreCall): Promise<CentreAnswer<{ signNo: string }>> {
    const answer = await exchange(call, signInOf(params), '')
    if (answer.outcome === 'ok') {
      session = { day: businessDateOf(clock.now()), signNo: answer.data.signNo }
    }
    return answer
  }

  async function signOut(call: CentreCall): Promise<CentreAnswer> {
    if (session === null) return { outcome: 'ok', data: null }
    const { signNo } = session
    session = null
    const answer = await exchange(call, signOutOf(params, signNo), signNo)
    // Without a session there is nothing to end.
    return isForWantOfSession(answer) ? { outcome: 'ok', data: null } : answer
  }

  /**
   * For our own sign-in only: whatever changes something has a number that its caller knows. Theirs are counted from the
   * beginning of each second, so ours are of its end: a number of both would have one of the two refused.
   */
  function ownMsgid(): string {
    const time = toShanghaiText(clock.now()).replaceAll(/\D/g, '')
    return params.fixmedinsCode + time + String(9_000 + randomBelow(random, 1_000))
  }

  function isForWantOfSession(answer: CentreAnswer<unknown>): answer is Refused {
    return answer.outcome === 'refused' && profile.saysNotSignedIn.test(answer.message)
  }
}

const signInOf = ({ opter }: NationalInsuranceParams): Transaction<{ signNo: string }> => ({
  infno: '9001',
  // A service behind a gateway has no terminal of its own; the fields are required all the same.
  input: { signIn: { opter_no: opter, mac: '00-00-00-00-00-00', ip: '127.0.0.1' } },
  read({ output }) {
    const { signinoutb } = fieldsOf(output, 'output')
    return { signNo: textOf(fieldsOf(signinoutb, 'signinoutb'), 'sign_no') }
  },
})

const signOutOf = ({ opter }: NationalInsuranceParams, signNo: string): Transaction<null> => ({
  infno: '9002',
  input: { signOut: { sign_no: signNo, opter_no: opter } },
  read: () => null,
})

const notSignedIn = (answer: Refused | { outcome: 'unknown'; reason: string }) =>
  ({
    outcome: 'unknown',
    reason: `not signed in: ${answer.outcome === 'refused' ? answer.message : answer.reason}`,
  }) as const

type Refused = { outcome: 'refused'; message: string }
