import type { Account, BankPosDeps, Call } from './account.ts'
import { createExchanges } from './exchange.ts'
import { isProven, packWithMac } from './mac.ts'
import type { Message } from './packager/layout.ts'
import { pack } from './packager/packager.ts'
import { createSignIns, type Keys } from './sign-in.ts'
import { meaningOf } from './translation.ts'
import { fromText, type WorkingKeys } from './working-keys.ts'

/** What came of a question. Only a proven answer is the bank's word. */
export type Reply =
  | { kind: 'answered'; message: Message; answerCode: string }
  /** The answer is not proven to be the bank's, or the bank would not believe us. */
  | { kind: 'unproven'; reason: string }
  | { kind: 'silent'; reason: string }
  | { kind: 'not_sent'; reason: string }
  | { kind: 'busy' }

/** Makes the message, as a PIN block needs the keys of the moment. */
export type MakeMessage = (working: WorkingKeys) => Message

export type Desk = {
  /** Asks under the terminal's keys; signs in first where it must, and once more when the bank has other keys. */
  ask(call: Call, terminal: string, make: MakeMessage): Promise<Reply>
  /** Asks without a MAC, where the bank has none for that kind of message: the answer is not proven. */
  askOpenly(call: Call, message: Message): Promise<Reply>
  /** Keys to work with; asks for them when there are none. */
  ready(call: Call, terminal: string): Promise<Keys>
  /** Asks for new keys, and a new batch after a settlement. */
  signIn(call: Call, terminal: string): Promise<Keys>
  stop(): Promise<void>
}

/** Speaks with the bank: proves what goes out and what comes in. */
export function createDesk(account: Account, deps: BankPosDeps): Desk {
  const exchanges = createExchanges(account, deps)
  const signIns = createSignIns(account, deps, exchanges)
  return {
    ask,
    askOpenly,
    ready: (call, terminal) => signIns.keysFor(call, terminal, null),
    signIn: (call, terminal) => signIns.signIn(call, terminal),
    stop: () => exchanges.stop(),
  }

  async function ask(call: Call, terminal: string, make: MakeMessage): Promise<Reply> {
    const keys = await signIns.keysFor(call, terminal, null)
    if (keys.kind === 'none') return { kind: 'not_sent', reason: keys.reason }
    const reply = await askWith(call, terminal, make, keys)
    if (reply.kind !== 'keys_differ') return reply
    const newer = await signIns.keysFor(call, terminal, keys.version)
    if (newer.kind === 'none') return { kind: 'unproven', reason: newer.reason }
    const again = await askWith(call, terminal, make, newer)
    // The first try did reach somebody, who said without proof that nothing came of it.
    return again.kind === 'answered' || again.kind === 'busy'
      ? again
      : { kind: 'unproven', reason: again.reason }
  }

  async function askOpenly(call: Call, message: Message): Promise<Reply> {
    const asked = await exchanges.send(call, message, () => pack(account.profile, message))
    if (asked.kind !== 'answered') return asked
    const { message: answer } = asked.answer
    return { kind: 'answered', message: answer, answerCode: answer.fields[39] ?? '' }
  }

  async function askWith(
    call: Call,
    terminal: string,
    make: MakeMessage,
    keys: Keys & { kind: 'ready' },
  ): Promise<Reply | { kind: 'keys_differ'; reason: string }> {
    const working = fromText(keys.workingKeys)
    const message = make(working)
    const asked = await exchanges.send(call, message, () =>
      packWithMac(account.profile, message, account.keys, terminal, working),
    )
    if (asked.kind !== 'answered') return asked
    const { answer } = asked
    const answerCode = answer.message.fields[39] ?? ''
    if (meaningOf(answerCode).outcome === 'keys_differ') {
      return { kind: 'keys_differ', reason: `answered ${answerCode}` }
    }
    if (!isProven(account.profile, answer, account.keys, terminal, working)) {
      return { kind: 'unproven', reason: `the MAC of the answer ${answerCode} is not the bank's` }
    }
    return { kind: 'answered', message: answer.message, answerCode }
  }
}
