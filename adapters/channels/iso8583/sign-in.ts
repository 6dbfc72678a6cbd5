import { ZERO } from '../../../kernel/money.ts'
import { randomHex } from '../../../kernel/random.ts'
import { type Account, type BankPosDeps, type Call, terminalKey } from './account.ts'
import type { Exchanges } from './exchange.ts'
import { signInMessage } from './messages.ts'
import { pack } from './packager/packager.ts'
import type { TerminalState, TraceRecord } from './trace-numbers.ts'
import { readWorkingKeys, toText } from './working-keys.ts'

export type Keys =
  | { kind: 'ready'; workingKeys: string; version: number }
  | { kind: 'none'; reason: string }

/** The terminals' working keys: those that all processes share, or new ones from the bank. */
export type SignIns = {
  /** Keys newer than `usedVersion`, which did not work; with null, whatever keys there are. */
  keysFor(call: Call, terminal: string, usedVersion: number | null): Promise<Keys>
  /** New keys, whether or not there are any. */
  signIn(call: Call, terminal: string): Promise<Keys>
}

export function createSignIns(account: Account, deps: BankPosDeps, exchanges: Exchanges): SignIns {
  const known = new Map<string, TerminalState>()
  const running = new Map<string, Promise<Keys>>()
  return { keysFor, signIn: (call, terminal) => once(terminal, () => ask(call, terminal)) }

  async function keysFor(call: Call, terminal: string, usedVersion: number | null): Promise<Keys> {
    const newest = toKeys(known.get(terminal), usedVersion)
    if (newest !== null) return newest
    return once(terminal, async () => {
      // Another process may have signed in: its keys are taken, as a sign-in of ours would end them.
      const kept = await deps.traces.terminal(terminalKey(account, call, terminal))
      known.set(terminal, kept)
      return toKeys(kept, usedVersion) ?? ask(call, terminal)
    })
  }

  /** Many who want keys at the same moment get the same. */
  function once(terminal: string, work: () => Promise<Keys>): Promise<Keys> {
    const joined = running.get(terminal)
    if (joined) return joined
    const started = work().finally(() => running.delete(terminal))
    running.set(terminal, started)
    return started
  }

  async function ask(call: Call, terminal: string): Promise<Keys> {
    const number = await numberFor(account, deps, call, terminal)
    if (number === null) return none('the terminal has no trace number left today')
    const message = signInMessage(account.profile, account.merchant, number)
    const asked = await exchanges.send(call, message, () => pack(account.profile, message))
    if (asked.kind !== 'answered') return none(asked.kind === 'busy' ? 'busy' : asked.reason)
    const { fields } = asked.answer.message
    if (fields[39] !== '00') return none(`the sign-in was answered ${fields[39] ?? 'nothing'}`)
    const working = readWorkingKeys(account.keys, terminal, fields[62] ?? '')
    if (working === null) return none('the keys of the sign-in do not fit their check values')
    const batch = /^[0-9]{2}([0-9]{6})/.exec(fields[60] ?? '')?.[1] ?? number.batch
    const brought = { batch, workingKeys: toText(working) }
    const state = await deps.traces.signedIn(terminalKey(account, call, terminal), brought)
    known.set(terminal, state)
    return toKeys(state, null) ?? none('the keys were not kept')
  }
}

/** A number for a question that is not about money; null when the terminal has none left today. */
export async function numberFor(
  account: Account,
  deps: BankPosDeps,
  call: Call,
  terminal: string,
): Promise<TraceRecord | null> {
  const taken = await deps.traces.take({
    ...terminalKey(account, call, terminal),
    ourNo: randomHex(deps.random, 15).toUpperCase(),
    kind: 'question',
    operation: 'question',
    amountFen: ZERO,
    at: deps.clock.now(),
  })
  return taken?.record ?? null
}

function toKeys(state: TerminalState | undefined, usedVersion: number | null): Keys | null {
  if (state === undefined || state.workingKeys === null) return null
  if (usedVersion !== null && state.version <= usedVersion) return null
  return { kind: 'ready', workingKeys: state.workingKeys, version: state.version }
}

const none = (reason: string): Keys => ({ kind: 'none', reason })
